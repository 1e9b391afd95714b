import { describe, expect, test } from 'vitest';
import { EnvError, parseEnv } from './env.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OWN = { DATABASE_URL: 'postgresql://db/roundhouse', ROUNDHOUSE_KEY: KEY };

test('nothing has to be set', () => {
  expect(parseEnv({})).toMatchObject({
    databaseUrl: null,
    key: null,
    host: '127.0.0.1',
    port: 3000,
    publicUrl: 'http://127.0.0.1:3000',
    localMachines: true,
    configFile: null,
    hooksFile: null,
    pluginsDirectory: null,
    leaseTtlMs: 10_000,
    logLevel: 'info',
  });
});

test('a variable set to nothing is not set', () => {
  expect(parseEnv({ DATABASE_URL: '', ROUNDHOUSE_PORT: '', ROUNDHOUSE_LOCAL: '' })).toEqual(parseEnv({}));
});

test('a database of your own needs a key', () => {
  expect(() => parseEnv({ DATABASE_URL: OWN.DATABASE_URL })).toThrow('ROUNDHOUSE_KEY must be too');
  expect(parseEnv(OWN)).toMatchObject({ databaseUrl: OWN.DATABASE_URL, key: Buffer.alloc(32, 7) });
});

test('the key may be hexadecimal', () => {
  expect(parseEnv({ ...OWN, ROUNDHOUSE_KEY: '07'.repeat(32) }).key).toEqual(Buffer.alloc(32, 7));
});

test('machines of this host are offered on loopback only, unless it is said otherwise', () => {
  expect(parseEnv({ ROUNDHOUSE_HOST: 'localhost' }).localMachines).toBe(true);
  expect(parseEnv({ ROUNDHOUSE_HOST: '0.0.0.0' }).localMachines).toBe(false);
  expect(parseEnv({ ROUNDHOUSE_HOST: '0.0.0.0', ROUNDHOUSE_LOCAL: 'on' }).localMachines).toBe(true);
  expect(parseEnv({ ROUNDHOUSE_LOCAL: 'off' }).localMachines).toBe(false);
});

test('links use the public address', () => {
  expect(parseEnv({ ROUNDHOUSE_URL: 'https://fleet.example/' }).publicUrl).toBe('https://fleet.example');
  expect(parseEnv({ ROUNDHOUSE_HOST: '::1', ROUNDHOUSE_PORT: '80' }).publicUrl).toBe('http://[::1]:80');
});

describe('a value that is wrong is named', () => {
  test.each([
    ['ROUNDHOUSE_PORT', '0'],
    ['ROUNDHOUSE_PORT', 'http'],
    ['ROUNDHOUSE_DATA', 'data'],
    ['DATABASE_URL', 'mysql://db'],
    ['ROUNDHOUSE_KEY', 'short'],
    ['ROUNDHOUSE_URL', 'fleet.example'],
    ['ROUNDHOUSE_LOCAL', 'yes'],
    ['ROUNDHOUSE_CONFIG', 'roundhouse.yaml'],
    ['ROUNDHOUSE_HOOKS', 'hooks.yaml'],
    ['ROUNDHOUSE_LEASE_TTL_MS', '-1'],
    ['ROUNDHOUSE_LOG_LEVEL', 'loud'],
  ])('%s=%s', (name, value) => {
    expect(() => parseEnv({ ...OWN, [name]: value })).toThrow(EnvError);
    expect(() => parseEnv({ ...OWN, [name]: value })).toThrow(`${name}: `);
  });

  test('and so is each other one', () => {
    expect(() => parseEnv({ ROUNDHOUSE_PORT: '0', ROUNDHOUSE_LOCAL: 'yes' })).toThrow(
      /ROUNDHOUSE_PORT.*\n.*ROUNDHOUSE_LOCAL/,
    );
  });
});
