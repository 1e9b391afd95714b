import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from './engine.ts';

// What is asked here is TLS alone, so no engine stands behind it: whoever is let in is answered as an engine answers a ping.

const never = new AbortController().signal;

let close: () => void;
let address: string;
/** Made by openssl for a hundred years, for 127.0.0.1; `ca` vouches for `server` and `client`, `other-ca` for `stranger`. */
const at = (name: string) => join(import.meta.dirname, 'testdata', name);

beforeAll(async () => {
  const [ca, cert, key] = await Promise.all(['ca.pem', 'server.pem', 'server.key'].map((name) => readFile(at(name))));
  const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }, (_, answer) => {
    answer.end('OK');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const place = server.address();
  address = `tcp://127.0.0.1:${typeof place === 'object' ? place?.port : ''}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterAll(() => close());

function ping(authority: string, client: string): Promise<unknown> {
  const tls = { ca: at(`${authority}.pem`), cert: at(`${client}.pem`), key: at(`${client}.key`) };
  return new Engine('rig', { address, tls }).ask('ping', { signal: never }, (docker) => docker.ping());
}

test('an engine is reached by TLS with a certificate that it trusts', async () => {
  expect(String(await ping('ca', 'client'))).toBe('OK');
});

test('an engine that another authority vouches for is refused, and the words say so', async () => {
  await expect(ping('other-ca', 'client')).rejects.toMatchObject({
    code: 'ENVIRONMENT_REFUSED',
    message: expect.stringContaining(`TLS with ${address} fails`),
  });
});

test('a certificate that the engine does not trust is not let in', async () => {
  await expect(ping('ca', 'stranger')).rejects.toMatchObject({ code: expect.stringMatching(/^ENVIRONMENT_/) });
});
