import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster, Instance, Protection } from '../cluster/cluster.ts';
import type { Capabilities } from './environment.ts';
import {
  mayChange,
  newlyChanged,
  putBack,
  type RestoreEntry,
  type RestoreOutcome,
  type SettingChange,
  settingsForeseen,
  settingsToChange,
} from './settings.ts';

const ALL: Capabilities = {
  undrain: true,
  close: true,
  suspend: true,
  unprotect: true,
  token: 'atomic',
  observesDrain: true,
};
const NONE: Capabilities = { undrain: true, close: false, token: 'atomic', observesDrain: true };
const NOW = 1_000_000;

function instance(id: string, facts: Partial<Instance> = {}): Instance {
  return { id, state: 'started', config: 'old', createdAt: 0, updatedAt: null, closed: false, ...facts };
}

function cluster(instances: readonly Instance[], facts: Partial<Cluster> = {}): Cluster {
  return { id: 'c', name: 'c', config: 'new', minSize: 0, maxSize: 9, autoscaling: 'active', instances, ...facts };
}

function entry(facts: Partial<RestoreEntry> = {}): RestoreEntry {
  return {
    name: 'autoscaling',
    instanceId: null,
    before: 'active',
    during: 'suspended',
    deadline: NOW - 1,
    changedAt: NOW - 5_000,
    ...facts,
  };
}

describe('what a cycle wants changed', () => {
  const world = cluster([
    instance('a'),
    instance('b', { protection: 'protected' }),
    instance('c', { config: 'new' }),
    instance('d', { excluded: 'not-ours' }),
    instance('e', { excluded: 'skipped' }),
    instance('f', { state: 'draining' }),
  ]);

  test('autoscaling, its own outdated instances in service, and the protection of what leaves now', () => {
    expect(settingsToChange(world, ['b'], [], ALL, { protect: 'replace' })).toEqual([
      { name: 'autoscaling', instanceId: null, value: 'suspended', before: 'active' },
      { name: 'closed', instanceId: 'a', value: 'closed', before: 'open' },
      { name: 'closed', instanceId: 'b', value: 'closed', before: 'open' },
      { name: 'protection', instanceId: 'b', value: 'none', before: 'protected' },
    ]);
  });

  test.each(['skip', 'wait'] as const)('no protection where the policy respects it (%s)', (protect) => {
    const names = settingsToChange(world, ['b'], [], ALL, { protect }).map((change) => change.name);
    expect(names).not.toContain('protection');
  });

  test('nothing where the back end can change nothing', () => {
    expect(settingsToChange(world, ['a', 'b'], [], NONE, {})).toEqual([]);
  });

  test('nothing of what it has changed already, even if somebody has set it back', () => {
    const changes = settingsToChange(world, [], [entry()], { ...ALL, close: false }, {});
    expect(changes).toEqual([]);
  });

  test('again what was written down and never seen in effect, with the value of then', () => {
    const lost = entry({ changedAt: null, before: 'active' });
    expect(settingsToChange(world, [], [lost], { ...ALL, close: false }, {})).toHaveLength(1);
  });
});

describe('what a plan foresees', () => {
  const world = cluster([instance('a'), instance('b', { protection: 'protected' }), instance('c', { config: 'new' })]);

  test('is told in words, and only what would really change', () => {
    expect(settingsForeseen(world, ['a', 'b'], ALL, { protect: 'replace' })).toEqual([
      'suspends autoscaling',
      'closes 2 to new work',
      'lifts the protection of 1',
    ]);
    const suspended = cluster([instance('a')], { autoscaling: 'suspended' });
    expect(settingsForeseen(suspended, ['a'], ALL, {})).toEqual(['closes 1 to new work']);
  });

  test('is nothing where nothing is replaced, or the back end can change nothing', () => {
    expect(settingsForeseen(world, [], ALL, {})).toEqual([]);
    expect(settingsForeseen(world, ['a'], NONE, {})).toEqual([]);
  });
});

describe('putting back', () => {
  test.each<[string, Partial<RestoreEntry>, Partial<Cluster>, RestoreOutcome | 'change' | 'wait']>([
    ['is as the cycle set it', {}, { autoscaling: 'suspended' }, 'change'],
    ['is as it was', {}, { autoscaling: 'active' }, 'restored'],
    ['is as it was, and a call is still out', { deadline: NOW }, { autoscaling: 'active' }, 'wait'],
    ['is as the cycle set it, and a call is still out', { deadline: NOW }, { autoscaling: 'suspended' }, 'wait'],
    [
      'is something else',
      { name: 'protection', instanceId: 'a', before: 'protected', during: 'none' },
      { instances: [instance('a', { protection: 'standby' })] },
      'overtaken',
    ],
    ['has gone', { name: 'closed', instanceId: 'x', before: 'open', during: 'closed' }, {}, 'gone'],
    [
      'is about to go',
      { name: 'closed', instanceId: 'a', before: 'open', during: 'closed' },
      { instances: [instance('a', { state: 'terminating', closed: true })] },
      'gone',
    ],
  ])('what %s', (_, facts, world, expected) => {
    const { settled, changes, waiting } = putBack([entry(facts)], cluster([], world), NOW);
    const found = settled[0]?.outcome ?? (changes.length > 0 ? 'change' : waiting.length > 0 ? 'wait' : null);
    expect(found).toBe(expected);
    expect(settled.length + changes.length + waiting.length).toBe(1);
  });
});

/** A back end and a ledger, and a runner that may be killed between any two of its steps, its last call still under way. */
class World {
  now = NOW;
  autoscaling: 'active' | 'suspended' = 'active';
  readonly instances: Map<string, { closed: boolean; protection: Protection | null }>;
  entries: RestoreEntry[] = [];
  late: { changes: readonly SettingChange[]; at: number }[] = [];
  settled: RestoreOutcome[] = [];

  constructor(protections: readonly (Protection | null)[]) {
    this.instances = new Map(protections.map((protection, index) => [`i${index}`, { closed: false, protection }]));
  }

  get cluster(): Cluster {
    const instances = [...this.instances].map(([id, { closed, protection }]) =>
      instance(id, { closed, ...(protection && { protection }) }),
    );
    return cluster(instances, { autoscaling: this.autoscaling });
  }

  set(changes: readonly SettingChange[]): void {
    for (const { name, instanceId, value } of changes) {
      if (name === 'autoscaling') this.autoscaling = value === 'active' ? 'active' : 'suspended';
      const one = this.instances.get(instanceId ?? '');
      if (one === undefined) continue;
      if (name === 'closed') one.closed = value === 'closed';
      if (name === 'protection') one.protection = value === 'none' ? null : (value as Protection);
    }
  }

  /** Time passes, and calls that are out take effect when they do. */
  pass(ms: number): void {
    this.now += ms;
    const landed = this.late.filter((call) => call.at <= this.now);
    for (const { changes } of landed) this.set(changes);
    this.late = this.late.filter((call) => call.at > this.now);
  }

  /** Writes down, then calls; dies in between, with the call under way, or lives to hear the answer. */
  order(changes: readonly (SettingChange & { before: string; during: string })[], fate: Fate, landsAfterMs: number) {
    const deadline = this.now + 10_000;
    for (const { name, instanceId, before, during } of changes) {
      const known = this.entries.find((one) => one.name === name && one.instanceId === instanceId);
      const changedAt = known?.changedAt ?? null;
      this.entries = this.entries.filter((one) => one !== known);
      this.entries.push({ name, instanceId, before: known?.before ?? before, during, deadline, changedAt });
    }
    if (fate === 'dies-before-the-call') return;
    if (fate === 'dies-with-the-call-out') {
      this.late.push({ changes, at: this.now + landsAfterMs });
      return;
    }
    this.set(changes);
    if (fate === 'dies-before-the-answer') return;
    const answered = (one: RestoreEntry) =>
      changes.some((change) => change.name === one.name && change.instanceId === one.instanceId);
    this.entries = this.entries.map((one) => (answered(one) ? { ...one, deadline: this.now - 1 } : one));
  }
}

const fates = ['lives', 'dies-before-the-call', 'dies-with-the-call-out', 'dies-before-the-answer'] as const;
type Fate = (typeof fates)[number];

test('whenever the runner dies, every setting that it touched is put back, and no other was touched', () => {
  let touched = 0;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom<(Protection | null)[]>(null, 'protected', 'standby'), { minLength: 1, maxLength: 4 }),
      fc.array(
        fc.tuple(fc.constantFrom(...fates), fc.integer({ min: 0, max: 12_000 }), fc.integer({ min: 0, max: 9_999 })),
        { maxLength: 12 },
      ),
      fc.integer({ min: 0, max: 12 }),
      (protections, fatesInTurn, abortAt) => {
        const world = new World(protections);
        const before = JSON.stringify([world.autoscaling, ...world.instances]);
        const script = [...fatesInTurn, ...Array.from({ length: 6 }, () => ['lives', 10_001, 0] as const)];
        script.forEach(([fate, afterMs, landsAfterMs], turn) => {
          world.pass(afterMs);
          const changed = newlyChanged(world.entries, world.cluster);
          world.entries = world.entries.map((one) => (changed.includes(one) ? { ...one, changedAt: world.now } : one));
          if (turn < Math.min(abortAt, script.length - 5)) {
            const leaving = [...world.instances.keys()].slice(0, turn);
            const changes = settingsToChange(world.cluster, leaving, world.entries, ALL, { protect: 'replace' });
            if (!mayChange(world.entries, world.now)) return;
            touched += changes.length;
            world.order(
              changes.map((one) => ({ ...one, during: one.value })),
              fate,
              landsAfterMs,
            );
            return;
          }
          const { settled, changes } = putBack(world.entries, world.cluster, world.now);
          world.settled.push(...settled.map(({ outcome }) => outcome));
          const over = new Set(settled.map((one) => one.entry));
          world.entries = world.entries.filter((one) => !over.has(one));
          world.order(
            changes.map((one) => ({ ...one, value: one.before })),
            fate,
            landsAfterMs,
          );
        });
        expect(world.entries).toEqual([]);
        expect(new Set(world.settled)).not.toContain('overtaken');
        expect(JSON.stringify([world.autoscaling, ...world.instances])).toBe(before);
      },
    ),
    {
      numRuns: 2_000,
      // Found once: a first call that lands after a second one was answered and everything was put back.
      examples: [
        [
          ['protected'],
          [
            ['lives', 0, 0],
            ['dies-with-the-call-out', 0, 1],
            ['lives', 0, 0],
            ['lives', 0, 0],
            ['lives', 0, 0],
          ],
          3,
        ],
      ],
    },
  );
  expect(touched).toBeGreaterThan(1_000);
});
