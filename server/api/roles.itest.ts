import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { composeWeb, type Services } from '../compose.ts';
import { type Role, roles } from '../contract/people.ts';
import { appRouter, createCaller } from './app-router.ts';

let fresh: TestDatabase;
let services: Services;

beforeAll(async () => {
  fresh = await createTestDatabase();
  services = composeWeb({
    databaseUrl: fresh.url,
    key: new Uint8Array(32).fill(7),
    publicUrl: 'http://127.0.0.1:3000',
    trustedProxies: [],
    localMachines: true,
  });
});
afterAll(async () => {
  await services.close();
  await fresh.drop();
});

const cluster = { clusterId: 'none' };
const cycle = { cycleId: 'none' };
const cycleInstance = { ...cycle, instanceId: 'none' };
const session = { sessionId: 'none' };
const spec = { name: 'none', components: [{ name: 'driver', kind: 'driver', pool: 'none', command: ['true'] }] };
const execution = { executionId: 'none' };
const plan = { planId: 'none' };
const reservation = { reservationId: 'none' };
const machine = { clusterId: 'none', instanceId: 'none' };
const wants = [{ pool: 'none', count: 1 }];
const decision = { ...plan, fingerprint: 'none' };
const sizes = { minSize: 0, targetSize: 1, maxSize: 2 };
const secret = 'x'.repeat(43);
const newcomer = { token: secret, name: 'eve', email: 'eve@example.com', password: 'a password of length' };

/** The least role that each procedure needs, and an input that it takes. */
const PROCEDURES: Readonly<Record<string, readonly [Role | 'anybody', unknown?]>> = {
  'overview.read': ['viewer'],
  'environment.list': ['viewer'],
  'environment.overview': ['viewer'],
  'environment.add': ['administrator', { name: 'none', kind: 'docker', settings: 'address: none' }],
  'environment.test': ['administrator', { kind: 'docker', settings: 'address: none' }],
  'environment.changeSettings': ['administrator', { environmentId: 'none', settings: '' }],
  'environment.disable': ['administrator', { environmentId: 'none' }],
  'environment.enable': ['administrator', { environmentId: 'none' }],
  'environment.remove': ['administrator', { environmentId: 'none' }],
  'environment.update': ['administrator', { environmentId: 'none', maxActiveCycles: 2 }],
  'cluster.list': ['viewer', {}],
  'cluster.summary': ['viewer'],
  'cluster.byName': ['viewer', { environment: 'none', cluster: 'none' }],
  'cluster.byId': ['viewer', cluster],
  'cluster.preview': ['viewer', cluster],
  'cluster.declare': ['administrator', { environmentId: 'none', name: 'web', spec: {}, ...sizes }],
  'cluster.edit': ['administrator', { ...cluster, ...sizes }],
  'cluster.remove': ['administrator', cluster],
  'instance.list': ['viewer', {}],
  'instance.cells': ['viewer', { clusterId: 'clu_none' }],
  'instance.byId': ['viewer', { ...cluster, instanceId: 'none' }],
  'plan.list': ['viewer', {}],
  'plan.byId': ['viewer', plan],
  'plan.previewMany': ['viewer', { clusterIds: ['none'] }],
  'plan.createMany': ['operator', { plans: [{ clusterId: 'none', fingerprint: 'none' }] }],
  'plan.create': ['operator', { ...cluster, fingerprint: 'none' }],
  'plan.approve': ['operator', decision],
  'plan.reject': ['operator', decision],
  'plan.withdraw': ['operator', decision],
  'cycle.list': ['viewer', {}],
  'cycle.byId': ['viewer', cycle],
  'cycle.history': ['viewer', cycle],
  'cycle.pause': ['operator', cycle],
  'cycle.resume': ['operator', cycle],
  'cycle.abort': ['operator', { ...cycle, mode: 'stop-now' }],
  'cycle.endAsFailed': ['operator', cycle],
  'cycle.retryInstance': ['operator', cycleInstance],
  'cycle.skipInstance': ['operator', cycleInstance],
  'cycle.extendDrain': ['operator', { ...cycleInstance, byMs: 60_000 }],
  'cycle.forceDrain': ['operator', cycleInstance],
  'pool.list': ['viewer'],
  'pool.byName': ['viewer', { name: 'none' }],
  'pool.availability': ['viewer', { wants, kind: 'manual' }],
  'pool.pause': ['operator', { name: 'none', note: 'a reason' }],
  'pool.resume': ['operator', { name: 'none' }],
  'pool.startMaintenance': ['operator', { ...machine, note: 'a reason', forMs: null }],
  'pool.endMaintenance': ['operator', machine],
  'reservation.list': ['viewer', {}],
  'reservation.byId': ['viewer', reservation],
  'reservation.reserve': ['operator', { wants, purpose: 'a look', forMs: 60_000 }],
  'reservation.extend': ['operator', { ...reservation, byMs: 60_000 }],
  'reservation.release': ['operator', reservation],
  'reservation.handOver': ['operator', { ...reservation, userId: 'none' }],
  'session.list': ['viewer', {}],
  'session.byId': ['viewer', session],
  'session.submit': ['operator', { spec }],
  'session.runAgain': ['operator', session],
  'session.cancel': ['operator', session],
  'session.finish': ['operator', session],
  'session.keep': ['operator', { ...session, forMs: 60_000 }],
  'session.stopKeeping': ['operator', session],
  'execution.list': ['viewer', {}],
  'execution.byId': ['viewer', execution],
  'execution.logs': ['viewer', { ...execution, from: null }],
  'execution.searchLog': ['viewer', { ...execution, text: 'none' }],
  'execution.logLineAt': ['viewer', { ...execution, at: 0 }],
  'execution.log': ['viewer', execution],
  'secret.list': ['viewer'],
  'secret.set': ['operator', { name: 'token', value: 'a value' }],
  'secret.remove': ['operator', { name: 'token' }],
  'config.list': ['viewer'],
  'config.set': ['operator', { name: 'settings', data: '{}' }],
  'config.remove': ['operator', { name: 'settings' }],
  'installation.configured': ['administrator'],
  'installation.export': ['administrator'],
  'installation.previewFile': ['administrator', { text: 'version: 1' }],
  'installation.applyFile': ['administrator', { text: 'version: 1', fingerprint: 'none' }],
  'people.me': ['viewer'],
  'people.list': ['viewer'],
  'people.invitations': ['administrator'],
  'people.invite': ['administrator', { role: 'viewer' }],
  'people.revoke': ['administrator', { invitationId: 'none' }],
  'people.setRole': ['administrator', { userId: 'none', role: 'viewer' }],
  'people.disable': ['administrator', { userId: 'none' }],
  'people.enable': ['administrator', { userId: 'none' }],
  'people.readInvitation': ['anybody', { token: secret }],
  'people.accept': ['anybody', newcomer],
  'activity.list': ['viewer', {}],
  'search.query': ['viewer', { q: 'none' }],
};

test('every procedure has a row here', () => {
  expect(Object.keys(appRouter._def.procedures).sort()).toEqual(Object.keys(PROCEDURES).sort());
});

/** What the procedure answers to one who has this role: the error, or null. */
async function refusal(path: string, role: Role | null, input: unknown): Promise<unknown> {
  const viewer = role === null ? null : { id: role, name: role, email: `${role}@example.com`, role };
  const sessionId = role === null ? null : 'a session';
  const caller = createCaller({ viewer, sessionId, requestId: 'request', services, now: Date.now() });
  const procedure = path.split('.').reduce<unknown>((found, name) => Reflect.get(Object(found), name), caller);
  if (typeof procedure !== 'function') throw new Error(`${path} is no procedure`);
  try {
    await procedure(input);
    return null;
  } catch (error) {
    return error;
  }
}

const signedOut = { code: 'UNAUTHORIZED', cause: { code: 'SIGNED_OUT' } };
const forbidden = (path: string, needs: Role) => ({
  code: 'FORBIDDEN',
  cause: { code: 'FORBIDDEN', details: { action: path, needs } },
});

const guarded = Object.entries(PROCEDURES).flatMap(([path, [needs, input]]) =>
  needs === 'anybody' ? [] : [{ path, needs, input }],
);
const others = Object.entries(PROCEDURES).flatMap(([path, [needs, input]]) =>
  needs === 'anybody' ? [{ path, input }] : [],
);

describe.each(guarded)('$path', ({ path, needs, input }) => {
  test('is refused to who is signed out', async () => {
    expect(await refusal(path, null, input)).toMatchObject(signedOut);
  });

  const [below, enough] = [roles.slice(0, roles.indexOf(needs)), roles.slice(roles.indexOf(needs))];

  test.each(below)(`is refused to a %s, and says that it needs the role ${needs}`, async (role) => {
    expect(await refusal(path, role, input)).toMatchObject(forbidden(path, needs));
  });

  test.each(enough)('is not refused to a %s', async (role) => {
    const error = await refusal(path, role, input);
    // There is nothing in this installation, so what is looked for is not found; but the asker was let in.
    expect(error).not.toMatchObject(signedOut);
    expect(error).not.toMatchObject(forbidden(path, needs));
    expect(error).not.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  });
});

test.each(others)('$path asks for a secret instead of a role', async ({ path, input }) => {
  expect(await refusal(path, null, input)).toMatchObject({ cause: { code: 'INVITATION_INVALID' } });
});

test('a refusal comes before the input is read, so that it says nothing of what is asked for', async () => {
  expect(await refusal('cluster.edit', 'operator', 'no object')).toMatchObject(
    forbidden('cluster.edit', 'administrator'),
  );
  expect(await refusal('cycle.pause', null, 'no object')).toMatchObject(signedOut);
});

test('what was refused has changed nothing', async () => {
  for (const { path, needs, input } of guarded) {
    if (needs !== 'viewer') await refusal(path, 'viewer', input);
  }
  const { database } = fresh;
  const owned = [database.cluster, database.plan, database.cycle, database.user];
  const tables = [...owned, database.session, database.secret, database.configFile];
  const counts = await Promise.all(tables.map((table: { count(): Promise<number> }) => table.count()));
  expect(counts).toEqual(tables.map(() => 0));
});
