import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on nothing but the arguments. */
export function draw(seed: string, ...key: readonly (string | number)[]): number {
  return Number.parseInt(digest(seed, key).slice(0, 12), 16) / 2 ** 48;
}

/** A whole number from the range, both ends included. */
export function drawBetween(
  [least, most]: readonly [number, number],
  seed: string,
  ...key: readonly (string | number)[]
): number {
  return least + Math.floor(draw(seed, ...key) * (most - least + 1));
}

export function drawOne<T>(choices: readonly [T, ...T[]], seed: string, ...key: readonly (string | number)[]): T {
  return choices[Math.floor(draw(seed, ...key) * choices.length)] ?? choices[0];
}

/** A name for a machine that depends on nothing but the arguments. */
export function machineId(environmentId: string, key: string): string {
  return `sim-${digest(environmentId, [key]).slice(0, 12)}`;
}

function digest(seed: string, key: readonly (string | number)[]): string {
  return createHash('sha256')
    .update(JSON.stringify([seed, ...key]))
    .digest('hex');
}
