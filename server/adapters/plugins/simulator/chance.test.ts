import { describe, expect, test } from 'vitest';
import { type SimulatorSettings, simulatorSettingsSchema } from '../../../contract/simulator-settings.ts';
import { type Attempt, drawFault, drawMachine } from './chance.ts';
import { factsAt, type Machine } from './model.ts';

type Given = Parameters<typeof simulatorSettingsSchema.parse>[0];
const settings = (given: Given = {}): SimulatorSettings => simulatorSettingsSchema.parse(given);
const NOW = 1_800_000_000_000;
const names = Array.from({ length: 2_000 }, (_, index) => `cycle-a/${index}/1#1`);

const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
  operation: 'provision',
  token: 'cycle-a/1/1',
  machine: 'cycle-a/1/1#1',
  repetition: 0,
  ...changes,
});

describe('the machine of a logical id', () => {
  test('is the same in every run, and another one with another seed', () => {
    // Written down, so that a change of the draws is seen: it changes every recorded run.
    expect(drawMachine(settings(), 'cycle-a/1/1#1', NOW)).toMatchInlineSnapshot(`
      {
        "diesAt": null,
        "drainMs": 5411,
        "drainStuck": false,
        "protection": null,
        "startFailure": null,
        "startMs": 5164,
        "terminateMs": 1059,
        "workloads": [],
        "zone": "zone-a",
      }
    `);
    expect(drawMachine(settings({ seed: 'other' }), 'cycle-a/1/1#1', NOW)).not.toEqual(
      drawMachine(settings(), 'cycle-a/1/1#1', NOW),
    );
  });

  test('stays within the ranges of the settings and reaches both ends', () => {
    const drawn = names.map((name) =>
      drawMachine(settings({ startMs: [10, 13], drainMs: [0, 1], workloads: [2, 3] }), name, NOW),
    );
    expect(new Set(drawn.map(({ startMs }) => startMs))).toEqual(new Set([10, 11, 12, 13]));
    expect(new Set(drawn.map(({ drainMs }) => drainMs))).toEqual(new Set([0, 1]));
    expect(new Set(drawn.map(({ workloads }) => workloads.length))).toEqual(new Set([2, 3]));
    expect(new Set(drawn.map(({ zone }) => zone)).size).toBe(3);
  });

  test.each([
    ['slow start', { faults: { slowStart: 0.2 } }, ({ startMs }: Machine) => startMs > 6_000],
    [
      'failed start',
      { faults: { failedStart: 0.2 } },
      (each: Machine) => factsAt(each, NOW + 1e9)?.health !== 'healthy',
    ],
    ['stuck drain', { faults: { stuckDrain: 0.2 } }, ({ drainStuck }: Machine) => drainStuck],
    ['death', { faults: { death: 0.2 } }, ({ diesAt }: Machine) => diesAt !== null],
    ['protection', { protected: 0.2 }, ({ protection }: Machine) => protection === 'protected'],
  ])('meets a %s about as often as the settings say, and never without', (_, given, meets) => {
    const met = (of: SimulatorSettings) =>
      names
        .map((name) => ({
          id: name,
          createdAt: NOW,
          closedAt: null,
          drainOrderedAt: null,
          destroyOrderedAt: null,
          goneAt: null,
          ...drawMachine(of, name, NOW),
        }))
        .filter(meets).length;
    expect(met(settings(given))).toBeGreaterThan(300);
    expect(met(settings(given))).toBeLessThan(500);
    expect(met(settings())).toBe(0);
  });

  test('has work to be stuck on when its drain is stuck', () => {
    const stuck = drawMachine(settings({ workloads: [0, 0], faults: { stuckDrain: 1 } }), 'a', NOW);
    expect(stuck.workloads).toHaveLength(1);
  });
});

describe('the fault of a call', () => {
  const some = settings({ faults: { throttling: 0.1, lostAnswer: 0.2, lateAnswer: 0.1 } });

  test('is the same in every run', () => {
    const faults = names.map((machine) => drawFault(some, attempt({ machine })));
    expect(names.map((machine) => drawFault(some, attempt({ machine })))).toEqual(faults);
    const count = (fault: string | null) => faults.filter((each) => each === fault).length;
    expect(count('throttled')).toBeGreaterThan(140);
    expect(count('lost-answer')).toBeGreaterThan(320);
    expect(count('late-answer')).toBeGreaterThan(140);
    expect(count(null)).toBeGreaterThan(1_080);
  });

  test('is drawn anew for each repetition, and a call that is repeated gets through', () => {
    const always = settings({ faults: { throttling: 1 } });
    const faults = [0, 1, 2, 3, 4].map((repetition) => drawFault(always, attempt({ repetition })));
    expect(faults).toEqual(['throttled', 'throttled', 'throttled', null, null]);
    const passes = names.filter((machine) => drawFault(some, attempt({ machine, repetition: 1 })) === null);
    expect(passes.length).toBeGreaterThan(1_080);
  });

  test('is none where the settings name none', () => {
    expect(names.filter((machine) => drawFault(settings(), attempt({ machine })) !== null)).toEqual([]);
  });
});
