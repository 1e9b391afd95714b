'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { isBroken } from '@/components/cluster/is-broken';
import type { BackEndSubject } from '@/components/environment/back-end-dialog';
import { PluginsFound } from '@/components/environment/plugins-found';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage } from '@/components/trpc/error-message';
import { Badge } from '@/components/ui/badge';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/dialog';
import { EmptyState } from '@/components/ui/empty-state';
import { laterPart } from '@/components/ui/later-part';
import { Menu, MenuItem } from '@/components/ui/menu';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { EnvironmentView } from '@/server/contract/cluster.ts';
import type { EnvironmentDetails, EnvironmentsOverview } from '@/server/contract/environment.ts';

const BackEndDialog = laterPart(
  dynamic(() => import('@/components/environment/back-end-dialog').then((module) => module.BackEndDialog)),
);

interface BackEndsProps {
  overview: EnvironmentsOverview;
  mayChange: boolean;
}

/** How each back end is reached, and how that goes; an administrator adds, tries, disables and removes them here. */
export function BackEnds({ overview, mayChange }: BackEndsProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { environments, hosts, plugins } = overview;
  const [subject, setSubject] = useState<BackEndSubject | null>(null);
  const [removed, setRemoved] = useState<EnvironmentView | null>(null);
  const changed = { onSettled: () => queryClient.invalidateQueries(trpc.environment.pathFilter()) };
  const disable = useMutation(trpc.environment.disable.mutationOptions(changed));
  const enable = useMutation(trpc.environment.enable.mutationOptions(changed));
  const remove = useMutation(
    trpc.environment.remove.mutationOptions({ ...changed, onSuccess: () => setRemoved(null) }),
  );
  const failure = disable.error ?? enable.error;
  const set = (environment: EnvironmentView, isEnabled: boolean) => {
    disable.reset();
    enable.reset();
    (isEnabled ? enable : disable).mutate({ environmentId: environment.id });
  };
  const open = (environment: EnvironmentDetails) =>
    setSubject({ ...environment, environment, settings: environment.settings ?? '{}' });
  return (
    <>
      <Panel
        flush
        title="Back ends"
        aside={
          mayChange && (
            <Button
              onClick={() => setSubject({ environment: null, name: '', kind: 'docker', settings: '{}', hostId: null })}
            >
              Add an environment…
            </Button>
          )
        }
      >
        {failure !== null && (
          <Banner tone="bad" announce>
            {errorMessage(failure)}
          </Banner>
        )}
        {environments.length === 0 ? (
          <EmptyState title="No back ends">Each environment has one.</EmptyState>
        ) : (
          <Table caption="Back ends: how they are reached and how that goes" tall>
            <TableHead>
              <Column>Environment</Column>
              <Column>State</Column>
              <Column>Last read</Column>
              <Column numeric>Calls in 1 min</Column>
              <Column numeric>Failed</Column>
              <Column numeric>Throttled</Column>
              <Column>Last failure</Column>
              {mayChange && (
                <Column>
                  <span className="sr-only">Actions</span>
                </Column>
              )}
            </TableHead>
            <TableBody>
              {environments.map((environment) => (
                <BackEnd key={environment.id} environment={environment}>
                  {mayChange && (
                    <Cell wide className="text-right">
                      <Menu
                        trigger={
                          <Button size="small" aria-label={`Actions on ${environment.name}`}>
                            Actions
                          </Button>
                        }
                      >
                        <MenuItem onClick={() => open(environment)}>Settings and connection…</MenuItem>
                        <MenuItem onClick={() => set(environment, environment.disabledAt !== null)}>
                          {environment.disabledAt === null ? 'Disable' : 'Enable'}
                        </MenuItem>
                        <MenuItem
                          onClick={() => {
                            remove.reset();
                            setRemoved(environment);
                          }}
                        >
                          Remove…
                        </MenuItem>
                      </Menu>
                    </Cell>
                  )}
                </BackEnd>
              ))}
            </TableBody>
          </Table>
        )}
      </Panel>
      <PluginsFound
        found={plugins}
        onUse={
          mayChange
            ? (plugin, hostId) =>
                setSubject({
                  environment: null,
                  name: plugin.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
                  kind: 'infrakit',
                  settings: JSON.stringify(
                    { address: plugin.address, ...(plugin.type === '' ? {} : { type: plugin.type }) },
                    null,
                    2,
                  ),
                  hostId,
                })
            : null
        }
      />
      {subject !== null && <BackEndDialog subject={subject} hosts={hosts} onClose={() => setSubject(null)} />}
      {removed !== null && (
        <ConfirmDialog
          open
          onOpenChange={(isOpen) => !isOpen && setRemoved(null)}
          title={`Remove ${removed.name}?`}
          confirmLabel={`Remove ${removed.name}`}
          destructive
          typeToConfirm={removed.name}
          disabledReason={
            removed.clusters > 0
              ? `It has ${removed.clusters === 1 ? '1 cluster' : `${removed.clusters} clusters`}: remove what is in it first.`
              : null
          }
          pending={remove.isPending}
          error={remove.error === null ? null : errorMessage(remove.error)}
          onConfirm={() => remove.mutate({ environmentId: removed.id })}
        >
          The console forgets how <b>{removed.name}</b> is reached. Its activity and its past cycles are kept, and its
          name is free.
        </ConfirmDialog>
      )}
    </>
  );
}

interface BackEndProps {
  environment: EnvironmentDetails;
  children: ReactNode;
}

function BackEnd({ environment, children }: BackEndProps) {
  const { traffic, failures, hostName } = environment;
  const [last] = failures;
  return (
    <Row stale={environment.disabledAt !== null}>
      <RowHeader className="whitespace-nowrap">
        {environment.name}
        {hostName !== null && <span className="text-12 font-regular text-ink-3"> on {hostName}</span>}
      </RowHeader>
      <Cell label="state" wide>
        <State environment={environment} />
      </Cell>
      <Cell label="read" wide className="text-ink-2">
        {environment.observedAt === null ? 'never' : <RelativeTime at={environment.observedAt} />}
      </Cell>
      <Cell label="calls in 1 min" numeric>
        {traffic.calls}
      </Cell>
      <Cell label="failed" numeric>
        {traffic.failures}
      </Cell>
      <Cell label="throttled" numeric>
        {traffic.throttled}
      </Cell>
      <Cell label="last failure" wide className="text-ink-2">
        {last === undefined ? (
          'none in the last hour'
        ) : (
          <span className="block max-w-[48ch] wrap-anywhere">
            <RelativeTime at={last.at} />: {spaced(last.operation)}, {last.result}
          </span>
        )}
      </Cell>
      {children}
    </Row>
  );
}

/** `changeSettings` as `change settings`. */
function spaced(operation: string): string {
  return operation.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function State({ environment }: { environment: EnvironmentDetails }) {
  const { disabledAt, syncError, syncErrorSince: since, clusters } = environment;
  if (disabledAt !== null) {
    return (
      <Badge shape="ring-slash" tone="neutral">
        disabled <RelativeTime at={disabledAt} />
      </Badge>
    );
  }
  if (!isBroken(environment)) {
    if (clusters === 0)
      return (
        <Badge shape="ring-dashed" tone="neutral">
          nothing to read
        </Badge>
      );
    return (
      <Badge shape="tick" tone="ok">
        read
      </Badge>
    );
  }
  return (
    <Badge shape="cross" tone="bad">
      {syncError === null ? 'no worker' : 'cannot be read'}
      {syncError !== null && since !== null && (
        <span>
          {' '}
          since <RelativeTime at={since} />
        </span>
      )}
    </Badge>
  );
}
