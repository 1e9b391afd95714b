import { expect, test } from 'vitest';
import type { SearchResults } from '../../server/contract/search.ts';
import { fixedEntries, foundEntries, type PaletteEntry } from './palette-entries.ts';
import { parseRecent, rank, withRecent } from './palette-rank.ts';

const NOTHING: SearchResults = { clusters: [], cycles: [], plans: [], pools: [], sessions: [], instances: [] };

const cluster = (name: string, state: 'running' | 'paused' | 'aborting' | null = null) => ({
  id: `clu_${name}`,
  environmentName: 'prod',
  name,
  instances: 9,
  activeCycle: state === null ? null : { id: 'cyc_1', state },
});

const entry = (label: string, kind: PaletteEntry['kind'] = 'cluster'): PaletteEntry => ({
  key: `${kind} ${label}`,
  kind,
  label,
  note: '',
  href: '/x',
});

const labels = (entries: readonly PaletteEntry[]) => entries.map(({ label }) => label);
const commands = (found: Partial<SearchResults>, role: 'viewer' | 'operator' = 'operator') =>
  foundEntries({ ...NOTHING, ...found }, role).filter(({ kind }) => kind === 'command');

test('what is asked for by its very name comes first, then what begins so, then a word of it, then any part', () => {
  const found = ['prod/subweb', 'prod/my-web', 'prod/web-api', 'lab/web'].map((label) => entry(label));
  expect(labels(rank('web', found, []))).toEqual(['lab/web', 'prod/web-api', 'prod/my-web', 'prod/subweb']);
});

test('among those that fit alike a cycle comes before its cluster, and a command last', () => {
  const found = [entry('prod/web', 'cluster'), entry('prod/web', 'plan'), entry('prod/web', 'cycle')];
  expect(rank('web', found, []).map(({ kind }) => kind)).toEqual(['cycle', 'cluster', 'plan']);
});

test('what the server found stays, whatever it was found by; what is fixed must fit', () => {
  const byId = entry('prod/web', 'cycle');
  expect(rank('cyc_1', [byId], fixedEntries('operator'))).toEqual([byId]);
  expect(labels(rank('theme dark', [], fixedEntries('viewer')))).toEqual(['Theme: dark']);
});

test('without words all that is fixed is there, pages first', () => {
  expect(labels(rank('', [], fixedEntries('viewer'))).slice(0, 3)).toEqual(['Overview', 'Clusters', 'Cycles']);
});

test('no command performs: each that concerns an object opens a page, with the question open', () => {
  for (const state of ['running', 'paused', 'aborting', null] as const) {
    const pools = [{ name: 'load', paused: false }];
    for (const { act, href } of commands({ clusters: [cluster('web', state)], pools })) {
      expect(act).toBeUndefined();
      expect(href).toMatch(
        /^\/(cycles\/cyc_1\?ask=(pause|resume|abort)|clusters\/prod\/web\/preview|reservations\/new)/,
      );
    }
  }
});

test('a running cycle can be paused, a paused one resumed, and either is the reason that no other is previewed', () => {
  expect(labels(commands({ clusters: [cluster('web', 'running')] }))).toEqual([
    'Pause the cycle of prod/web…',
    'Abort the cycle of prod/web…',
    'Preview a cycle of prod/web',
  ]);
  const [resume, , preview] = commands({ clusters: [cluster('web', 'paused')] });
  expect([resume?.href, preview?.off]).toEqual(['/cycles/cyc_1?ask=resume', 'a cycle is active']);
});

test('a viewer is offered nothing that they may not order', () => {
  const all = [
    ...commands({ clusters: [cluster('web', 'running')], pools: [{ name: 'load', paused: false }] }, 'viewer'),
    ...fixedEntries('viewer'),
  ];
  expect(labels(all.filter(({ note }) => note === 'asks first'))).toEqual([]);
});

test('what was opened is kept once, the last first, and six at the most', () => {
  const recent = ['a', 'b', 'c', 'd', 'e', 'f'].reduceRight<PaletteEntry[]>(
    (kept, one) => withRecent(kept, entry(one)),
    [],
  );
  expect(labels(withRecent(recent, entry('c')))).toEqual(['c', 'a', 'b', 'd', 'e', 'f']);
  expect(labels(withRecent(recent, entry('new')))).toEqual(['new', 'a', 'b', 'c', 'd', 'e']);
});

test('what was kept is read again, and what is no entry of this console is passed over', () => {
  const kept = [entry('prod/web')];
  expect(parseRecent(JSON.stringify(kept))).toEqual(kept);
  const strange = [
    null,
    'x',
    { ...entry('a'), href: 'javascript:alert(1)' },
    { ...entry('b'), href: '//evil.example' },
  ];
  expect(parseRecent(JSON.stringify([...strange, { ...entry('c'), kind: 'spell' }]))).toEqual([]);
  expect([parseRecent('{'), parseRecent(null), parseRecent('{}')]).toEqual([[], [], []]);
});
