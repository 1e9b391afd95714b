/**
 * What a reservation costs: reserve and release of a session with three components, among 10 and among 1,000 pools.
 * Exit code 1 where it takes more than 3 µs, or among 1,000 pools more than 1.5 times what it takes among 10.
 */
import type { Wanting } from '../server/domain/pool/pool.ts';
import { ReservationManager } from '../server/domain/pool/reservation-manager.ts';

const SESSIONS = 1_000;
const ROUNDS = 1_000;
const [FEW, MANY] = [10, 1_000];

interface Scene {
  readonly manager: ReservationManager;
  readonly sessions: readonly Wanting[];
}

/** The sessions use all of the pools, so that those of the many are not always at hand. */
function sceneOf(pools: number): Scene {
  const manager = new ReservationManager();
  for (let index = 0; index < pools; index += 1) {
    manager.addPool({ name: `pool-${index}`, available: 8, capacity: 8 });
  }
  const pool = (index: number) => ({ pool: `pool-${(index * 7) % pools}` });
  const sessions = Array.from({ length: SESSIONS }, (_, index) => ({
    name: `session-${index}`,
    components: [pool(index), pool(index + 1), pool(index + 1)],
  }));
  return { manager, sessions };
}

function reserveAll({ manager, sessions }: Scene): void {
  for (const session of sessions) {
    manager.reserve(session);
    manager.release(session.name);
  }
}

/** The best of many rounds, in microseconds for one session; both take turns, so that they meet the machine in the same state. */
function best(scenes: readonly Scene[]): readonly number[] {
  const times = scenes.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round += 1) {
    scenes.forEach((scene, index) => {
      const begun = performance.now();
      reserveAll(scene);
      const lasted = ((performance.now() - begun) * 1_000) / SESSIONS;
      times[index] = Math.min(times[index] ?? Number.POSITIVE_INFINITY, lasted);
    });
  }
  return times;
}

const [few = Number.NaN, many = Number.NaN] = best([sceneOf(FEW), sceneOf(MANY)]);
const gates = [
  { name: `${FEW} pools`, figure: `${few.toFixed(2)} µs`, ok: few <= 3 },
  { name: `${MANY} pools`, figure: `${many.toFixed(2)} µs`, ok: many <= 3 },
  { name: 'ratio', figure: (many / few).toFixed(2), ok: many / few <= 1.5 },
];
console.log('reserve and release, three components; the Go original: 4.5 µs and 512 µs. Limits: 3 µs, ratio 1.5');
for (const { name, figure, ok } of gates) {
  console.log(`${name.padEnd(11)}${figure.padStart(8)} ${ok ? 'ok' : 'FAILED'}`);
}
process.exitCode = gates.every(({ ok }) => ok) ? 0 : 1;
