'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTRPC } from '@/components/trpc/client';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import type { EnvironmentKind, EnvironmentView } from '@/server/contract/cluster';

/** What an installation can begin with: each kind of environment that it has, another one, and people to invite. */
export function Welcome({ canDeclare }: { canDeclare: boolean }) {
  const { data: environments } = useSuspenseQuery(useTRPC().environment.list.queryOptions());
  const clusters = environments.reduce((sum, environment) => sum + environment.clusters, 0);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {clusters > 0 && (
        <Panel label="What there is">
          There {clusters === 1 ? 'is 1 cluster' : `are ${clusters} clusters`} here already.{' '}
          <TextLink href="/">Go to the overview</TextLink>
        </Panel>
      )}
      {canDeclare ? <Doors environments={environments} /> : <WhoToAsk />}
    </div>
  );
}

/** What each kind of environment is good for. */
const doors = {
  simulator: {
    title: 'A cluster that costs nothing',
    text: 'Simulated machines start, drain and fail as real ones do, and none of them is real. Good for a first look and for practice: nothing can break.',
  },
  local: {
    title: 'A cluster on this host',
    text: 'Each instance is a process that is started on this host, with a command of yours. Good for what shall really run.',
  },
  infrakit: {
    title: 'A cluster of an InfraKit plugin',
    text: 'Each instance is made by a plugin of yours or of somebody else, wherever it makes them. The spec is what the plugin takes as properties.',
  },
  docker: {
    title: 'A cluster of containers',
    text: 'Each instance is a container of a Docker engine, made from an image of yours. Good for what shall really run.',
  },
} satisfies Record<EnvironmentKind, { title: string; text: string }>;

function Doors({ environments }: { environments: readonly EnvironmentView[] }) {
  const kinds = (['simulator', 'local', 'docker', 'infrakit'] as const).filter((kind) =>
    environments.some((one) => one.kind === kind),
  );
  return (
    <div className="grid grid-cols-3 items-start gap-4 narrow:grid-cols-2 phone:grid-cols-[minmax(0,1fr)]">
      {kinds.length === 0 && (
        <Panel title="A cluster" flush>
          <EmptyState title="No environments yet">
            A cluster belongs to an environment. A worker makes those of its host when it starts: see that one runs, or
            connect another.
          </EmptyState>
        </Panel>
      )}
      {kinds.map((kind, index) => {
        const environment = environments.find((one) => one.kind === kind);
        return (
          <Door
            key={kind}
            title={doors[kind].title}
            action={
              environment !== undefined && (
                <ButtonLink
                  href={`/clusters/new?env=${encodeURIComponent(environment.name)}`}
                  variant={index === 0 ? 'primary' : 'plain'}
                >
                  {`Declare a cluster in ${environment.name}`}
                </ButtonLink>
              )
            }
          >
            {doors[kind].text}
            {environment !== undefined && !environment.reachable && (
              <span className="mt-2 block text-warn">
                No worker that may drive {environment.name} runs now; its machines start when one does.
              </span>
            )}
          </Door>
        );
      })}
      <Door
        title="Machines that are there"
        action={<ButtonLink href="/environments">Connect an environment</ButtonLink>}
      >
        The containers of a Docker engine, or what InfraKit plugins make. The connection is tested step by step before
        anything is kept.
      </Door>
      <Door title="People" action={<ButtonLink href="/people">Invite people</ButtonLink>}>
        Whoever writes a plan does not approve it, unless an environment allows that. Invite somebody who does.
      </Door>
    </div>
  );
}

function Door({ title, action, children }: { title: string; action: ReactNode; children: ReactNode }) {
  return (
    <Panel title={title}>
      <p className="mb-4 max-w-[60ch] text-pretty text-ink-2">{children}</p>
      {action}
    </Panel>
  );
}

function WhoToAsk() {
  const { data: people } = useSuspenseQuery(useTRPC().people.list.queryOptions());
  const names = people.flatMap(({ role, disabledAt, name }) =>
    role === 'administrator' && disabledAt === null ? [name] : [],
  );
  return (
    <Panel label="Who can begin" flush>
      <EmptyState level={2} title="No clusters yet" actions={<ButtonLink href="/people">See the people</ButtonLink>}>
        Only an administrator declares them. Ask {names.join(', ')}. The overview is here as soon as there is one.
      </EmptyState>
    </Panel>
  );
}
