import { expect, test } from 'vitest';
import { isOwnOrigin } from './own-origin.ts';

test.each([
  ['the host that was asked for', 'http://127.0.0.1:3000', '127.0.0.1:3000', [], true],
  ['a host behind a proxy that ends TLS', 'https://console.example', 'console.example', [], true],
  [
    'a public origin, whatever the proxy calls the host',
    'https://console.example',
    'web:3000',
    ['https://console.example'],
    true,
  ],
  ['another site', 'https://evil.example', '127.0.0.1:3000', [], false],
  ['another port of the same machine', 'http://127.0.0.1:4000', '127.0.0.1:3000', [], false],
  ['a host that only begins alike', 'http://127.0.0.1:3000.evil.example', '127.0.0.1:3000', [], false],
  ['an opaque origin', 'null', '127.0.0.1:3000', [], false],
  ['no origin', null, '127.0.0.1:3000', ['https://console.example'], false],
  ['no host', 'http://127.0.0.1:3000', null, [], false],
])('%s', (_name, origin, host, publicOrigins, own) => {
  expect(isOwnOrigin(origin, host, publicOrigins)).toBe(own);
});
