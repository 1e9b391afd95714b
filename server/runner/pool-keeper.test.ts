import { pino } from 'pino';
import { expect, test } from 'vitest';
import { PoolKeeper } from './pool-keeper.ts';
import { Wakes } from './wakes.ts';

test('looks at once and whenever a pool changes, and goes on where a look fails', async () => {
  const wakes = new Wakes();
  const steps: string[] = [];
  let looked: () => void = () => undefined;
  const nextLook = () =>
    new Promise<void>((resolve) => {
      looked = resolve;
    });
  const keeper = new PoolKeeper({
    endWhatIsOver: async () => {
      steps.push('end');
      throw new Error('the database is away');
    },
    allocate: async () => steps.push('allocate'),
    sample: async (now) => {
      steps.push(`sample ${now}`);
      looked();
    },
    wakes,
    clock: () => 7,
    log: pino({ level: 'silent' }),
  });
  const first = nextLook();
  keeper.start();
  await first;
  const second = nextLook();
  const begun = performance.now();
  wakes.wake('pools');
  await second;
  expect(performance.now() - begun).toBeLessThan(900);
  keeper.stop();
  await keeper.stopped;
  expect(steps).toEqual(['end', 'allocate', 'sample 7', 'end', 'allocate', 'sample 7']);
});
