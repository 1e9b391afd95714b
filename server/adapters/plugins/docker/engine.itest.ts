import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DomainError, isDomainError, isTemporary } from '../../../domain/errors.ts';
import type { SecretTexts } from './certificates.ts';
import { noSecrets } from './docker-rig.ts';
import { Engine } from './engine.ts';

// What is asked here is TLS alone, so no engine stands behind it: whoever is let in is answered as an engine answers a ping.

const never = new AbortController().signal;
const OK: RequestListener = (_, answer) => {
  answer.end('OK');
};

let close: () => void;
let address: string;
let answers = OK;
/** Made by openssl for a hundred years, for 127.0.0.1; `ca` vouches for `server` and `client`, `other-ca` for `stranger`. */
const at = (name: string) => join(import.meta.dirname, 'testdata', name);
const textOf = (name: string) => readFile(at(name), 'utf8');

beforeAll(async () => {
  const [ca, cert, key] = await Promise.all(['ca.pem', 'server.pem', 'server.key'].map((name) => readFile(at(name))));
  const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }, (request, answer) =>
    answers(request, answer),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const place = server.address();
  address = `tcp://127.0.0.1:${typeof place === 'object' ? place?.port : ''}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterEach(() => {
  answers = OK;
});
afterAll(() => close());

const ask = (engine: Engine, signal = never) => engine.ask('ping', { signal }, (docker) => docker.ping());

/** What it throws. */
async function failureOf(asked: Promise<unknown>): Promise<unknown> {
  const failure = await asked.then(
    () => null,
    (error: unknown) => error,
  );
  expect(isDomainError(failure)).toBe(true);
  return failure;
}

/** All that a log, a stored call or a person could be told of it. */
const told = (error: unknown) => inspect(error, { depth: null, showHidden: true });

describe('with files', () => {
  const ping = (authority: string, certificate: string, key = certificate) => {
    const tls = { ca: at(`${authority}.pem`), cert: at(`${certificate}.pem`), key: at(`${key}.key`) };
    return ask(new Engine('rig', { address, tls }, noSecrets));
  };

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

  test('a key of another certificate is refused, which no repeat would help', async () => {
    await expect(ping('ca', 'client', 'stranger')).rejects.toMatchObject({
      code: 'ENVIRONMENT_REFUSED',
      message: expect.stringContaining('key values mismatch'),
    });
  });

  test('a file that holds no certificate is named, with the setting', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'rh-tls-'));
    const cert = join(directory, 'cert.pem');
    await writeFile(cert, 'hunter2hunter2');
    const tls = { ca: at('ca.pem'), cert, key: at('client.key') };
    const failure = await failureOf(ask(new Engine('rig', { address, tls }, noSecrets)));
    expect(failure).toMatchObject({
      code: 'ENVIRONMENT_REFUSED',
      message: `The file ${cert}, which tls.cert names, holds no certificate as PEM: set it right.`,
    });
    expect(told(failure)).not.toContain('hunter2');
    await rm(directory, { recursive: true });
  });
});

describe('with secrets', () => {
  const tls = { ca: 'secret:engine-ca', cert: 'secret:engine-cert', key: 'secret:engine-key' };
  let secrets: Map<string, string>;
  const secretTexts: SecretTexts = async (names) => new Map([...secrets].filter(([name]) => names.includes(name)));
  const engine = (how = tls, read = secretTexts) => new Engine('rig', { address, tls: how }, read);

  beforeEach(async () => {
    secrets = new Map([
      ['engine-ca', await textOf('ca.pem')],
      ['engine-cert', await textOf('client.pem')],
      ['engine-key', await textOf('client.key')],
    ]);
  });

  test('an engine is reached by TLS, as with files and with both', async () => {
    expect(String(await ask(engine()))).toBe('OK');
    expect(String(await ask(engine({ ...tls, ca: at('ca.pem'), cert: at('client.pem') })))).toBe('OK');
  });

  test('one that is set again counts from the next request on', async () => {
    const reached = engine();
    expect(String(await ask(reached))).toBe('OK');
    secrets.set('engine-ca', await textOf('other-ca.pem'));
    await expect(ask(reached)).rejects.toMatchObject({ message: expect.stringContaining('TLS with') });
    secrets.set('engine-ca', await textOf('ca.pem'));
    expect(String(await ask(reached))).toBe('OK');
  });

  test('those that are missing are named, with the settings that name them and where they are set', async () => {
    secrets.delete('engine-ca');
    secrets.delete('engine-key');
    const failure = await failureOf(ask(engine()));
    expect(failure).toMatchObject({
      code: 'ENVIRONMENT_REFUSED',
      details: { environment: 'rig', operation: 'read a certificate' },
      message:
        'There is no secret engine-ca, which tls.ca names. There is no secret engine-key, which tls.key names. Set it under Sessions, Secrets and configs.',
    });
    expect(isTemporary(failure)).toBe(false);
  });

  test.each([
    ['ca', 'certificate as PEM', 'correct horse battery'],
    ['cert', 'certificate as PEM', '-----BEGIN CERTIFICATE-----\nY29ycmVjdCBob3JzZQ==\n-----END CERTIFICATE-----\n'],
    ['key', 'private key as PEM without a passphrase', 'correct horse battery'],
  ] as const)('one that is no PEM is told by the setting %s, and what it holds is not', async (setting, what, text) => {
    secrets.set(`engine-${setting}`, text);
    const failure = await failureOf(ask(engine()));
    expect(failure).toMatchObject({
      code: 'ENVIRONMENT_REFUSED',
      message: `The secret engine-${setting}, which tls.${setting} names, holds no ${what}: set it right.`,
    });
    expect(told(failure)).not.toMatch(/correct|Y29ycmVjdC/);
  });

  test('a key that stands where a certificate belongs is not shown to the engine', async () => {
    let isReached = false;
    answers = (_, answer) => {
      isReached = true;
      answer.end('OK');
    };
    const failure = await failureOf(ask(engine({ ...tls, cert: tls.key })));
    expect(failure).toMatchObject({ message: expect.stringContaining('tls.cert names, holds no certificate') });
    expect(isReached).toBe(false);
  });

  test('one that was encrypted with another key is told as such', async () => {
    const unreadable: SecretTexts = async () => {
      throw new DomainError('SECRET_UNREADABLE', { name: 'engine-key', why: 'another-key' });
    };
    await expect(ask(engine(tls, unreadable))).rejects.toMatchObject({
      code: 'ENVIRONMENT_REFUSED',
      message: expect.stringMatching(/^The secret engine-key was encrypted with another ROUNDHOUSE_KEY/),
    });
  });

  test('where they cannot be read now it is no matter of the settings, and is tried again', async () => {
    const failing: SecretTexts = async () => {
      throw new Error('the connection was lost');
    };
    const failure = await failureOf(ask(engine(tls, failing)));
    expect(failure).toMatchObject({ code: 'ENVIRONMENT_UNAVAILABLE', message: 'The worker cannot read secrets now.' });
    expect(isTemporary(failure)).toBe(true);
  });

  test('a look for them that never ends is given up with its call, and nothing is asked of the engine', async () => {
    let requests = 0;
    answers = (_, answer) => {
      requests += 1;
      answer.end('OK');
    };
    let isHeld = true;
    let go: () => void = () => undefined;
    const held: SecretTexts = async (names) => {
      if (isHeld) {
        await new Promise<void>((resolve) => {
          go = resolve;
        });
      }
      return secretTexts(names);
    };
    const reached = engine(tls, held);
    const limits = { signal: never, token: 'order', deadline: Date.now() + 100 };
    await expect(reached.ask('ping', limits, (docker) => docker.ping())).rejects.toMatchObject({
      code: 'CALL_DEADLINE',
    });
    isHeld = false;
    go();
    // What the first would still send is sent before this one is answered.
    expect(String(await ask(reached))).toBe('OK');
    expect(requests).toBe(1);
  });

  test.each([
    ['as it is', (pem: string) => pem],
    ['in base64', (pem: string) => Buffer.from(pem).toString('base64')],
    ['without its line breaks', (pem: string) => pem.replaceAll('\n', '')],
  ])('what an engine says of the certificate that it was shown is in no error: %s', async (_, shape) => {
    answers = ({ socket }, answer) => {
      const { raw } = (socket as TLSSocket).getPeerCertificate();
      const lines = raw.toString('base64').match(/.{1,64}/g) ?? [];
      const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
      expect(pem).toBe(secrets.get('engine-cert'));
      answer.writeHead(403, { 'content-type': 'application/json' });
      answer.end(JSON.stringify({ message: `who are you? ${shape(pem)}` }));
    };
    const failure = await failureOf(ask(engine()));
    expect(failure).toMatchObject({
      code: 'ENVIRONMENT_REFUSED',
      message: expect.stringMatching(/^The engine says: who are you\? \[secret\]/),
    });
    const pieces = [...(secrets.get('engine-cert') ?? '').split('\n').filter((line) => line.length > 20)];
    const encoded = Buffer.from(secrets.get('engine-cert') ?? '').toString('base64');
    for (const piece of [...pieces.slice(1), encoded.slice(0, 60)]) expect(told(failure)).not.toContain(piece);
  });
});
