import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** An id that sorts by time of creation: `cyc_01JD4M8Z3K7Q2X9B`. Nine characters of time, seven of chance. */
export function newId(prefix: 'clu' | 'cyc' | 'env' | 'exe' | 'pln' | 'res' | 'ses' | 'tst', now: number): string {
  let time = '';
  for (let rest = now, length = 0; length < 9; length += 1, rest = Math.floor(rest / 32)) {
    time = `${ALPHABET[rest % 32]}${time}`;
  }
  const chance = [...randomBytes(7)].map((byte) => ALPHABET[byte % 32]).join('');
  return `${prefix}_${time}${chance}`;
}
