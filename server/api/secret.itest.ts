import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PostgresDependencies } from '../adapters/postgres/secret-store.ts';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { Cipher } from '../adapters/secrets/cipher.ts';
import { composeWeb, type Services } from '../compose.ts';
import type { Viewer } from '../contract/people.ts';
import { createCaller } from './app-router.ts';

const KEY = new Uint8Array(32).fill(7);
const ADA: Viewer = { id: 'ada', name: 'Ada', email: 'ada@example.org', role: 'operator' };
const ROOT: Viewer = { id: 'root', name: 'Root', email: 'root@example.org', role: 'administrator' };
const GRACE: Viewer = { id: 'grace', name: 'Grace', email: 'grace@example.org', role: 'operator' };

let fresh: TestDatabase;
let services: Services;
let dependencies: PostgresDependencies;

beforeAll(async () => {
  fresh = await createTestDatabase();
  services = composeWeb({
    databaseUrl: fresh.url,
    key: KEY,
    publicUrl: 'http://127.0.0.1:1',
    trustedProxies: [],
    localMachines: true,
  });
  dependencies = new PostgresDependencies(fresh.database, new Cipher(KEY));
});
afterAll(async () => {
  await services.close();
  await fresh.drop();
});
afterEach(async () => {
  await fresh.database.secret.deleteMany();
  await fresh.database.configFile.deleteMany();
  await fresh.database.session.deleteMany();
  await fresh.database.environment.deleteMany();
});

const as = (viewer: Viewer) =>
  createCaller({ viewer, sessionId: 's', requestId: 'request', services, now: Date.now() });
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

async function session(state: string, names: { secrets?: string[]; configs?: string[] }): Promise<void> {
  const component = { name: 'driver', kind: 'driver', pool: 'workers', secrets: [], configs: [], ...names };
  const spec = { name: 'night-run', components: [component] };
  await fresh.database.session.create({
    data: { id: `ses_${state}`, name: 'night-run', state, spec, ownerName: 'Ada' },
  });
}

describe('a secret', () => {
  test('reaches the worker as it was set, and no list, activity line or event', async () => {
    await as(ADA).secret.set({ name: 'token', value: 'correct horse\n' });
    expect(text((await dependencies.secrets(['token'])).get('token'))).toBe('correct horse\n');
    const [listed] = await as(GRACE).secret.list();
    expect(Object.keys(listed ?? {}).sort()).toEqual(['createdAt', 'name', 'ownerName', 'updatedAt']);
    const { database } = fresh;
    const told = [await database.activity.findMany(), await database.event.findMany()];
    const seen = JSON.stringify(told, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(seen).toContain('created the secret');
    expect(seen).not.toContain('correct horse');
  });

  test('is stored unreadable', async () => {
    await as(ADA).secret.set({ name: 'token', value: 'correct horse' });
    const row = await fresh.database.secret.findUniqueOrThrow({ where: { name: 'token' } });
    expect(text(row.ciphertext)).not.toContain('correct horse');
  });

  test('is replaced by another person, who owns it then', async () => {
    await as(ADA).secret.set({ name: 'token', value: 'the first' });
    await as(GRACE).secret.set({ name: 'token', value: 'the second' });
    expect(text((await dependencies.secrets(['token'])).get('token'))).toBe('the second');
    expect(await as(ADA).secret.list()).toMatchObject([{ name: 'token', ownerName: 'Grace' }]);
  });

  test('of three characters is refused, with the reason', async () => {
    await expect(as(ADA).secret.set({ name: 'token', value: ' abc ' })).rejects.toThrow(/unreadable in logs/);
  });

  test('is refused where owner or name was changed in the database', async () => {
    await as(ADA).secret.set({ name: 'one', value: 'value of one' });
    await as(ADA).secret.set({ name: 'two', value: 'value of two' });
    const changed = { code: 'SECRET_UNREADABLE', details: { why: 'changed' } };
    const { database } = fresh;
    // The rows of the two swap their names, so that who may name one would get the other.
    await database.secret.update({ where: { name: 'one' }, data: { name: 'zwischen' } });
    await database.secret.update({ where: { name: 'two' }, data: { name: 'one' } });
    await expect(dependencies.secrets(['one'])).rejects.toMatchObject(changed);
    await database.secret.update({ where: { name: 'one' }, data: { name: 'two' } });
    expect(text((await dependencies.secrets(['two'])).get('two'))).toBe('value of two');
    await database.secret.update({ where: { name: 'two' }, data: { ownerId: 'grace' } });
    await expect(dependencies.secrets(['two'])).rejects.toMatchObject(changed);
  });

  test('of another key is told as such', async () => {
    await as(ADA).secret.set({ name: 'token', value: 'correct horse' });
    const other = new PostgresDependencies(fresh.database, new Cipher(new Uint8Array(32).fill(8)));
    await expect(other.secrets(['token'])).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
      details: { name: 'token', why: 'another-key' },
    });
  });

  test('that is missing is an error, not a component without it', async () => {
    await expect(dependencies.secrets(['token'])).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { id: 'token' },
    });
  });

  test('stays while a session that is not over names it, and the refusal says which', async () => {
    await as(ADA).secret.set({ name: 'token', value: 'correct horse' });
    await session('running', { secrets: ['token'] });
    await expect(as(ADA).secret.remove({ name: 'token' })).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { message: expect.stringContaining('night-run (ses_running)') } },
    });
    expect(await as(ADA).secret.list()).toHaveLength(1);
  });

  test.each([
    ['a session that is over names it', 'ended', { secrets: ['token'] }],
    ['only a config has its name', 'running', { configs: ['token'] }],
  ])('is removed where %s', async (_, state, names) => {
    await as(ADA).secret.set({ name: 'token', value: 'correct horse' });
    await session(state, names);
    await as(ADA).secret.remove({ name: 'token' });
    expect(await as(ADA).secret.list()).toEqual([]);
  });
});

describe('a secret that the settings of an environment name', () => {
  const settings = (key: string) =>
    `{ address: "tcp://engine:2376", tls: { ca: /etc/ca.pem, cert: /etc/cert.pem, key: "${key}" } }`;
  const environment = (name: string, key: string) =>
    as(ROOT).environment.add({ name, kind: 'docker', settings: settings(key) });

  test('stays until they no longer do, and the refusal says which environment', async () => {
    await as(ADA).secret.set({ name: 'engine-key', value: 'correct horse' });
    const lab = await environment('lab', 'secret:engine-key');
    await environment('other', '/etc/engine-key');
    await as(ROOT).environment.disable({ environmentId: lab });
    const message = (named: string) => `the secret engine-key is named by the settings of ${named}; change them first`;
    for (const who of [ADA, ROOT]) {
      await expect(as(who).secret.remove({ name: 'engine-key' })).rejects.toMatchObject({
        code: 'CONFLICT',
        cause: { details: { message: message('the environment lab') } },
      });
    }
    const stage = await environment('stage', 'secret:engine-key');
    await expect(as(ADA).secret.remove({ name: 'engine-key' })).rejects.toMatchObject({
      cause: { details: { message: message('the environments lab, stage') } },
    });
    expect(text((await dependencies.secrets(['engine-key'])).get('engine-key'))).toBe('correct horse');
    await as(ROOT).environment.remove({ environmentId: stage });
    await as(ROOT).environment.changeSettings({ environmentId: lab, settings: settings('secret:other') });
    await as(ADA).secret.remove({ name: 'engine-key' });
    expect(await as(ADA).secret.list()).toEqual([]);
  });

  test('is set by those alone who may change settings: what it holds decides who the engine is', async () => {
    await as(ADA).secret.set({ name: 'engine-key', value: 'correct horse' });
    await environment('lab', 'secret:engine-key');
    await environment('stage', 'secret:not-there-yet');
    for (const [name, environments] of [
      ['engine-key', 'lab'],
      ['not-there-yet', 'stage'],
    ] as const) {
      await expect(as(ADA).secret.set({ name, value: 'of somebody else' })).rejects.toMatchObject({
        code: 'FORBIDDEN',
        cause: { details: { needs: expect.stringContaining(`the environment ${environments} name this secret`) } },
      });
    }
    expect(text((await dependencies.secrets(['engine-key'])).get('engine-key'))).toBe('correct horse');
    await as(ROOT).secret.set({ name: 'engine-key', value: 'battery staple' });
    expect(text((await dependencies.secrets(['engine-key'])).get('engine-key'))).toBe('battery staple');
    await as(ADA).secret.set({ name: 'other', value: 'correct horse' });
  });

  test('may be set after them, and is in nothing that the environment shows, exports or records', async () => {
    await environment('lab', 'secret:engine-key');
    await as(ROOT).secret.set({ name: 'engine-key', value: 'correct horse' });
    const { database } = fresh;
    const told = [
      await as(ROOT).environment.overview(),
      (await as(ROOT).installation.export()).text,
      await database.environment.findMany(),
      await database.activity.findMany(),
      await database.event.findMany(),
    ];
    const seen = JSON.stringify(told, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(seen).toContain('key: secret:engine-key');
    expect(seen).not.toContain('correct horse');
  });
});

describe('a config', () => {
  test('is readable, and reaches the worker', async () => {
    await as(ADA).config.set({ name: 'settings', data: 'a: 1' });
    await as(GRACE).config.set({ name: 'settings', data: 'a: 2' });
    expect(await as(ADA).config.list()).toMatchObject([{ name: 'settings', data: 'a: 2', ownerName: 'Grace' }]);
    expect(text((await dependencies.configs(['settings'])).get('settings'))).toBe('a: 2');
  });

  test('stays while a session that is not over names it', async () => {
    await as(ADA).config.set({ name: 'settings', data: 'a: 1' });
    await session('queued', { configs: ['settings'] });
    await expect(as(ADA).config.remove({ name: 'settings' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await fresh.database.session.updateMany({ data: { state: 'ended' } });
    await as(ADA).config.remove({ name: 'settings' });
    expect(await as(ADA).config.list()).toEqual([]);
  });
});

test('who removes what is not there is told so', async () => {
  await expect(as(ADA).secret.remove({ name: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(as(ADA).config.remove({ name: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
