import { clusterHref } from '@/components/cluster/cluster-href';
import { poolHref, reserveHref } from '@/components/pool/pool-search';
import { mainPages, otherPages } from '@/components/shell/rail-pages';
import { keysOf } from '@/components/shell/shortcuts';
import type { Role } from '@/server/contract/people.ts';
import type { FoundCluster, SearchResults } from '@/server/contract/search.ts';

export type EntryKind = 'cycle' | 'cluster' | 'plan' | 'pool' | 'session' | 'instance' | 'page' | 'command';

/** What a command does that goes nowhere. None of these changes anything but how this tab looks. */
export type HarmlessAct = 'theme-light' | 'theme-dark' | 'theme-system' | 'times' | 'live' | 'sheet' | 'single-keys';

export interface PaletteEntry {
  /** The same for the same thing at any time. */
  readonly key: string;
  readonly kind: EntryKind;
  /** What is searched, and shown. */
  readonly label: string;
  /** At the right: what it is, how it stands. */
  readonly note: string;
  /** Where it goes; a command that does something opens the page that asks. */
  readonly href?: string;
  readonly act?: HarmlessAct;
  /** Why it is not possible now. */
  readonly off?: string;
}

/** What was found, and what can be begun with it. */
export function foundEntries(found: SearchResults, role: Role): PaletteEntry[] {
  return [
    ...found.cycles.map(
      ({ id, environmentName, clusterName, state }): PaletteEntry => ({
        key: id,
        kind: 'cycle',
        label: `${environmentName}/${clusterName}`,
        note: `cycle, ${state}, ${id}`,
        href: `/cycles/${id}`,
      }),
    ),
    ...found.clusters.map(
      ({ id, environmentName, name, instances }): PaletteEntry => ({
        key: id,
        kind: 'cluster',
        label: `${environmentName}/${name}`,
        note: `cluster, ${instances} ${instances === 1 ? 'instance' : 'instances'}`,
        href: clusterHref(environmentName, name),
      }),
    ),
    ...found.plans.map(
      ({ id, environmentName, clusterName, state }): PaletteEntry => ({
        key: id,
        kind: 'plan',
        label: `${environmentName}/${clusterName}`,
        note: `plan, ${state.replace('-', ' ')}, ${id}`,
        href: `/plans/${id}`,
      }),
    ),
    ...found.pools.map(
      ({ name, paused }): PaletteEntry => ({
        key: `pool ${name}`,
        kind: 'pool',
        label: name,
        note: paused ? 'pool, paused' : 'pool',
        href: poolHref(name),
      }),
    ),
    ...found.sessions.map(
      ({ id, name, ownerName, state }): PaletteEntry => ({
        key: id,
        kind: 'session',
        label: name,
        note: `session of ${ownerName}, ${state.replace('-', ' ')}`,
        href: `/sessions/${id}`,
      }),
    ),
    ...found.instances.map(
      ({ id, environmentName, clusterName, state }): PaletteEntry => ({
        key: `instance ${environmentName}/${clusterName}/${id}`,
        kind: 'instance',
        label: id,
        note: `instance of ${environmentName}/${clusterName}, ${state}`,
        href: clusterHref(environmentName, clusterName, 'instances', id),
      }),
    ),
    ...found.clusters.flatMap((cluster) => clusterCommands(cluster, role)),
    ...(role === 'viewer'
      ? []
      : found.pools.map(
          ({ name, paused }): PaletteEntry => ({
            key: `reserve ${name}`,
            kind: 'command',
            label: `Reserve machines of ${name}…`,
            note: 'asks first',
            href: reserveHref(name),
            ...(paused ? { off: 'the pool is paused' } : {}),
          }),
        )),
  ];
}

/** Each opens the page where it is asked for, with the question open. */
function clusterCommands({ id, environmentName, name, activeCycle }: FoundCluster, role: Role): PaletteEntry[] {
  const cluster = `${environmentName}/${name}`;
  const preview: PaletteEntry = {
    key: `preview ${id}`,
    kind: 'command',
    label: `Preview a cycle of ${cluster}`,
    note: 'changes nothing',
    href: clusterHref(environmentName, name, 'preview'),
    ...(activeCycle === null ? {} : { off: 'a cycle is active' }),
  };
  if (activeCycle === null || role === 'viewer') return [preview];
  const order = (verb: 'Pause' | 'Resume' | 'Abort'): PaletteEntry => ({
    key: `${verb} ${activeCycle.id}`,
    kind: 'command',
    label: `${verb} the cycle of ${cluster}…`,
    note: 'asks first',
    href: `/cycles/${activeCycle.id}?ask=${verb.toLowerCase()}`,
  });
  const steer = activeCycle.state === 'paused' || activeCycle.state === 'pausing' ? order('Resume') : order('Pause');
  return activeCycle.state === 'aborting' ? [preview] : [steer, order('Abort'), preview];
}

/** What is there without asking the server. */
export function fixedEntries(role: Role): PaletteEntry[] {
  const pages = [...mainPages, ...otherPages].map(
    (page): PaletteEntry => ({
      key: `page ${page.href}`,
      kind: 'page',
      label: page.label,
      note: 'action' in page ? keysOf(page.action) : 'page',
      href: page.href,
    }),
  );
  const morePages: readonly PaletteEntry[] = [
    { key: 'page /reservations', kind: 'page', label: 'Reservations', note: 'page', href: '/reservations' },
    {
      key: 'page /sessions/secrets',
      kind: 'page',
      label: 'Secrets and files',
      note: 'page',
      href: '/sessions/secrets',
    },
  ];
  return [
    ...pages,
    ...morePages,
    ...(role === 'administrator' ? [opens('Declare a cluster…', '/clusters/new')] : []),
    ...(role === 'viewer'
      ? []
      : [opens('Submit a session…', '/sessions/new'), opens('Reserve machines…', '/reservations/new')]),
    does('Pause or resume the live view', 'live', keysOf('toggle-live')),
    does('Theme: light', 'theme-light'),
    does('Theme: dark', 'theme-dark'),
    does('Theme: as the system', 'theme-system'),
    does('Tell times in UTC or local time', 'times'),
    does('Keyboard shortcuts', 'sheet', keysOf('sheet')),
    does('Single-key shortcuts on or off', 'single-keys'),
  ];
}

function opens(label: string, href: string): PaletteEntry {
  return { key: `open ${href}`, kind: 'command', label, note: 'asks first', href };
}

function does(label: string, act: HarmlessAct, note = 'this browser'): PaletteEntry {
  return { key: `do ${act}`, kind: 'command', label, note, act };
}
