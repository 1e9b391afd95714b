import { describe, expect, test } from 'vitest';
import { Cipher } from './cipher.ts';

const KEY = new Uint8Array(32).fill(7);
const PLACE = { ownerId: 'ada', name: 'token' };
const VALUE = new TextEncoder().encode('correct horse');
const cipher = new Cipher(KEY);

test('a value is read back where it was sealed', () => {
  expect(new TextDecoder().decode(cipher.open(cipher.seal(VALUE, PLACE), PLACE))).toBe('correct horse');
});

test('an empty value is a value', () => {
  expect(cipher.open(cipher.seal(new Uint8Array(), PLACE), PLACE)).toHaveLength(0);
});

test('the same value is sealed differently each time, and never in clear', () => {
  const [one, other] = [cipher.seal(VALUE, PLACE), cipher.seal(VALUE, PLACE)];
  expect(one.nonce).not.toEqual(other.nonce);
  expect(one.ciphertext).not.toEqual(other.ciphertext);
  expect(Buffer.from(one.ciphertext).includes(Buffer.from(VALUE))).toBe(false);
});

test('the key id is the beginning of the hash of the key', () => {
  expect(cipher.seal(VALUE, PLACE).keyId).toBe('4bb06f8e');
});

test('another key is told from a changed row', () => {
  const other = new Cipher(new Uint8Array(32).fill(8));
  expect(() => other.open(cipher.seal(VALUE, PLACE), PLACE)).toThrow(
    expect.objectContaining({ code: 'SECRET_UNREADABLE', details: { name: 'token', why: 'another-key' } }),
  );
});

describe('a sealed value is refused', () => {
  const sealed = cipher.seal(VALUE, PLACE);
  const changed = expect.objectContaining({
    code: 'SECRET_UNREADABLE',
    details: expect.objectContaining({ why: 'changed' }),
  });
  const flipped = (bytes: Uint8Array, at: number) => {
    const copy = new Uint8Array(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };

  test.each([
    ['of another owner', { ...PLACE, ownerId: 'eve' }],
    ['under another name', { ...PLACE, name: 'other' }],
    ['where a letter moved from the owner to the name', { ownerId: 'ad', name: 'atoken' }],
  ])('%s', (_, place) => {
    expect(() => cipher.open(sealed, place)).toThrow(changed);
  });

  test.each([
    ['with another nonce', { ...sealed, nonce: flipped(sealed.nonce, 0) }],
    ['with a changed text', { ...sealed, ciphertext: flipped(sealed.ciphertext, 0) }],
    ['with a changed tag', { ...sealed, ciphertext: flipped(sealed.ciphertext, sealed.ciphertext.length - 1) }],
    ['that was cut', { ...sealed, ciphertext: sealed.ciphertext.slice(0, 5) }],
  ])('%s', (_, wrong) => {
    expect(() => cipher.open(wrong, PLACE)).toThrow(changed);
  });
});
