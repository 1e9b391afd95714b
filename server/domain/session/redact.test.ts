import { expect, test } from 'vitest';
import { redactor } from './redact.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const redact = (text: string, ...values: string[]) => redactor(values.map(bytes))(text);

test.each([
  ['as it is', 'password=s3cr?t+a/b for all', 'password=[secret] for all'],
  ['twice in a line', 's3cr?t+a/bs3cr?t+a/b', '[secret][secret]'],
  ['in base64', `Basic ${Buffer.from('s3cr?t+a/b').toString('base64')}.`, 'Basic [secret].'],
  ['in base64 without padding', `t=${Buffer.from('s3cr?t+a/b').toString('base64url')}&`, 't=[secret]&'],
  ['in a URL', `GET /?q=${encodeURIComponent('s3cr?t+a/b')}&x=1`, 'GET /?q=[secret]&x=1'],
])('a value is found %s', (_, text, expected) => {
  expect(redact(text, 's3cr?t+a/b')).toBe(expected);
});

test('a value is found in a form field, where a blank is a plus', () => {
  expect(redact('key=open+sesame%21', 'open sesame!')).toBe('key=[secret]');
});

test('a value with a quote is found within JSON', () => {
  expect(redact(JSON.stringify({ key: 'sa"y\\it' }), 'sa"y\\it')).toBe('{"key":"[secret]"}');
});

test('each line of a value is found, but for very short ones', () => {
  const key = '-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\nshort\n-----END KEY-----\n';
  expect(redact('read MIIEpAIBAAKCAQEA and short', key)).toBe('read [secret] and short');
  expect(redact(`whole: ${key}`, key)).toBe('whole: [secret]');
});

test('a short value that ends with a line break is found without it', () => {
  expect(redact('token abcd.', 'abcd\n')).toBe('token [secret].');
  expect(redact(`token ${btoa('abcd\n')}.`, 'abcd\n')).toBe('token [secret].');
});

test('of two values the longer is taken first', () => {
  expect(redact('hunter22 hunter', 'hunter', 'hunter22')).toBe('[secret] [secret]');
});

test('a value that is no text is found in base64', () => {
  const value = new Uint8Array([0xff, 0x00, 0xfe, 0x80, 0x01]);
  expect(redactor([value])(`blob ${Buffer.from(value).toString('base64')}`)).toBe('blob [secret]');
});

test('a value of three characters is not looked for', () => {
  expect(redact('the cat', 'cat')).toBe('the cat');
});

test('without values a text stays as it is', () => {
  expect(redact('nothing to hide')).toBe('nothing to hide');
});
