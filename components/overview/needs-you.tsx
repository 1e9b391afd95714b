'use client';

import type { ReactNode } from 'react';
import { Deadline } from '@/components/cycle/deadline';
import { Emphasis } from '@/components/plan/emphasis';
import { poolHref } from '@/components/pool/pool-search';
import { ButtonLink } from '@/components/ui/button';
import { Glyph, type GlyphShape } from '@/components/ui/glyph';
import { List, ListRow } from '@/components/ui/list';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { TextLink } from '@/components/ui/text-link';
import type { NeedView, OverviewView } from '@/server/contract/overview';

/** What a person should look at, the most urgent first, each with the one thing to do about it. */
export function NeedsYou({ view: { needs, numbers, at } }: { view: OverviewView }) {
  const { items, total } = needs;
  const forOthers = numbers.waitingPlans - numbers.approvals;
  return (
    <Panel
      title="Needs you"
      note={total === 0 ? undefined : total === 1 ? '1' : `${total}, the most urgent first`}
      flush
      footer={
        items.length < total ? (
          <p>
            These are the first {items.length} of {total}. The others are under{' '}
            <TextLink href="/cycles">Cycles</TextLink>, <TextLink href="/reservations">Reservations</TextLink> and{' '}
            <TextLink href="/pools">Pools</TextLink>.
          </p>
        ) : undefined
      }
    >
      {total === 0 ? (
        <p className="flex flex-wrap items-center gap-x-2 px-4 py-3">
          <Glyph shape="tick" className="text-mark-started" />
          Nothing needs you.
          <span className="text-ink-2">
            Last look <RelativeTime at={at} />.
            {forOthers > 0 &&
              ` ${forOthers} ${forOthers === 1 ? 'plan waits' : 'plans wait'} for an approval that you cannot give.`}
          </span>
        </p>
      ) : (
        <List label="What needs you">
          {items.map((need) => (
            <Need key={keyOf(need)} need={need} />
          ))}
        </List>
      )}
    </Panel>
  );
}

function Need({ need }: { need: NeedView }) {
  switch (need.kind) {
    case 'paused-cycle': {
      const name = nameOf(need);
      return (
        <NeedRow
          shape="pause"
          mark="text-mark-draining"
          what={
            <>
              <b>{name}</b> is paused: {need.sentence}
            </>
          }
          detail={need.next}
          when={need.since !== null && <RelativeTime at={need.since} />}
          action={<Action href={`/cycles/${encodeURIComponent(need.cycleId)}`} word="Inspect" object={name} />}
        />
      );
    }
    case 'approval': {
      const name = nameOf(need);
      return (
        <NeedRow
          shape="diamond"
          mark="text-accent"
          what={
            <>
              Approve <b>{name}</b>: <Emphasis sentence={need.sentence} />
            </>
          }
          detail={`${need.authorName} asks; ${need.approvals} of ${need.approvalsNeeded} ${need.approvalsNeeded === 1 ? 'approval' : 'approvals'} given.`}
          when={
            <>
              expires <Deadline at={need.expiresAt} />
            </>
          }
          action={<Action href={`/plans/${encodeURIComponent(need.planId)}`} word="Review" object={name} primary />}
        />
      );
    }
    case 'drain': {
      const name = nameOf(need);
      return (
        <NeedRow
          shape="disc-half"
          mark="text-mark-draining"
          what={
            <>
              <b>{name}</b>: the drain of <span className="font-mono text-12">{need.instanceId}</span> is near its
              deadline
            </>
          }
          detail={
            need.instances > 1 && `So ${need.instances === 2 ? 'is one more' : `are ${need.instances - 1} more`}.`
          }
          when={<Deadline at={need.deadline} />}
          action={
            <Action
              href={`/cycles/${encodeURIComponent(need.cycleId)}?sel=${encodeURIComponent(need.instanceId)}`}
              word="Watch"
              object={name}
            />
          }
        />
      );
    }
    case 'lease':
      return (
        <NeedRow
          shape="square-half"
          mark="text-mark-starting"
          what={
            <>
              Your hold on {need.machines === 1 ? 'a machine' : `${need.machines} machines`} of{' '}
              <b>{need.pools.join(', ')}</b> ends soon
            </>
          }
          detail={[need.purpose, need.waiting > 0 && `${need.waiting} ${need.waiting === 1 ? 'waits' : 'wait'} for it`]
            .filter(Boolean)
            .join(' · ')}
          when={<Deadline at={need.expiresAt} />}
          action={
            <Action
              href={`/reservations/${encodeURIComponent(need.reservationId)}`}
              word="Extend or release"
              object={need.name}
            />
          }
        />
      );
    case 'environment':
      return (
        <NeedRow
          shape="triangle-full"
          mark="text-mark-draining"
          what={
            <>
              <b>{need.environmentName}</b> cannot be read
              {need.error === null
                ? `: no worker that may drive it runs${need.hostName === null ? '' : ` on ${need.hostName}`}`
                : `: ${need.error}`}
            </>
          }
          detail={
            <>
              {need.clusters === 1 ? 'Its cluster shows' : `Its ${need.clusters} clusters show`} old data;{' '}
              {need.error === null ? 'start a worker to go on.' : 'it is tried again by itself.'}
            </>
          }
          when={
            need.observedAt === null ? (
              'never read'
            ) : (
              <>
                last read <RelativeTime at={need.observedAt} />
              </>
            )
          }
          action={
            <Action
              href={`/clusters?env=${encodeURIComponent(need.environmentName)}`}
              word="See clusters"
              object={need.environmentName}
            />
          }
        />
      );
    case 'bad-machines':
      return (
        <NeedRow
          shape="square-full"
          mark="text-mark-bad"
          what={
            <>
              <b>{need.pool}</b>:{' '}
              {need.machines === 1 ? 'a machine is not healthy' : `${need.machines} machines are not healthy`}
            </>
          }
          detail={
            <>
              <span className="font-mono">{need.instanceId}</span>
              {need.machines > 1 && ' and others'}: nobody can get {need.machines === 1 ? 'it' : 'them'}, and nobody
              holds {need.machines === 1 ? 'it' : 'them'}.
            </>
          }
          when={<RelativeTime at={need.since} />}
          action={<Action href={poolHref(need.pool)} word="Open pool" object={need.pool} />}
        />
      );
  }
}

interface NeedRowProps {
  shape: GlyphShape;
  mark: string;
  what: ReactNode;
  detail: ReactNode;
  when: ReactNode;
  action: ReactNode;
}

function NeedRow({ shape, mark, what, detail, when, action }: NeedRowProps) {
  return (
    <ListRow
      lead={<Glyph shape={shape} className={mark} />}
      aside={
        <span className="flex items-center justify-end gap-3 phone:mt-1 phone:justify-between phone:pl-6">
          <span>{when}</span>
          {action}
        </span>
      }
    >
      <div className="wrap-anywhere">{what}</div>
      {Boolean(detail) && <div className="text-12 wrap-anywhere text-ink-2">{detail}</div>}
    </ListRow>
  );
}

interface ActionProps {
  href: string;
  word: string;
  /** What it is about, for those who hear the button alone. */
  object: string;
  primary?: boolean;
}

function Action({ href, word, object, primary = false }: ActionProps) {
  return (
    <ButtonLink href={href} size="small" variant={primary ? 'primary' : 'plain'} aria-label={`${word}: ${object}`}>
      {word}
    </ButtonLink>
  );
}

function nameOf({ environmentName, clusterName }: { environmentName: string; clusterName: string }): string {
  return `${environmentName}/${clusterName}`;
}

function keyOf(need: NeedView): string {
  switch (need.kind) {
    case 'paused-cycle':
    case 'drain':
      return `${need.kind} ${need.cycleId}`;
    case 'approval':
      return `${need.kind} ${need.planId}`;
    case 'lease':
      return `${need.kind} ${need.reservationId}`;
    case 'environment':
      return `${need.kind} ${need.environmentName}`;
    case 'bad-machines':
      return `${need.kind} ${need.pool}`;
  }
}
