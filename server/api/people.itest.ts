import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { composeWeb, type Services, type WebSettings } from '../compose.ts';
import { messageOf } from '../contract/live-frame.ts';
import type { Role } from '../contract/people.ts';
import { createCaller } from './app-router.ts';
import { handleTrpc } from './handler.ts';
import { handleLive } from './live-stream.ts';

const ORIGIN = 'http://127.0.0.1:3000';
const PASSWORD = 'a password of length';
const MINUTE = 60_000;

let fresh: TestDatabase;
let services: Services;
let settings: WebSettings;
let skewMs: number;

beforeAll(async () => {
  fresh = await createTestDatabase();
});
afterAll(() => fresh.drop());
beforeEach(() => {
  skewMs = 0;
  settings = {
    databaseUrl: fresh.url,
    key: new Uint8Array(32).fill(7),
    publicUrl: ORIGIN,
    trustedProxies: [],
    localMachines: true,
  };
  services = composeWeb(settings, () => Date.now() + skewMs);
});
afterEach(async () => {
  await services.close();
  await fresh.database.invitation.deleteMany();
  await fresh.database.user.deleteMany();
  await fresh.database.authRateLimit.deleteMany();
});

function request(path: string, init: RequestInit & { origin?: string | null; cookie?: string } = {}): Request {
  const headers = new Headers({
    host: '127.0.0.1:3000',
    'content-type': 'application/json',
    'x-forwarded-for': '192.0.2.1',
  });
  if (init.origin !== null) headers.set('origin', init.origin ?? ORIGIN);
  if (init.cookie !== undefined) headers.set('cookie', init.cookie);
  return new Request(`${ORIGIN}${path}`, { ...init, headers });
}

const post = (path: string, body: unknown, more: { origin?: string | null; cookie?: string } = {}) =>
  services.identity.handle(request(`/api/auth${path}`, { method: 'POST', body: JSON.stringify(body), ...more }));

/** Signs in and returns the cookie that a browser would send from now on. */
async function signIn(email: string, password = PASSWORD): Promise<string> {
  const response = await post('/sign-in/email', { email, password });
  expect(response.status).toBe(200);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** A caller as the session in these cookies says. */
async function callerOf(cookie: string) {
  const signedIn = await services.identity.signedIn(new Headers({ cookie }));
  return createCaller({
    viewer: signedIn?.viewer ?? null,
    sessionId: signedIn?.sessionId ?? null,
    requestId: 'request',
    services,
    now: Date.now(),
  });
}

const anybody = () => callerOf('');

async function join(token: string, name: string): Promise<string> {
  const email = `${name}@example.com`;
  await (await anybody()).people.accept({ token, name, email, password: PASSWORD });
  return signIn(email);
}

async function firstAdministrator(): Promise<string> {
  const token = await services.people.firstSignIn();
  if (token === null) throw new Error('there is an administrator already');
  return join(token, 'ada');
}

async function invited(administrator: string, role: Role, name: string): Promise<string> {
  const { token } = await (await callerOf(administrator)).people.invite({ role, label: name });
  return join(token, name);
}

test('sign-up is refused, and so is every path that the product does not use', async () => {
  const person = { name: 'eve', email: 'eve@example.com', password: PASSWORD };
  for (const path of [
    '/sign-up/email',
    '/update-user',
    '/change-email',
    '/delete-user',
    '/change-password',
    '/get-session',
  ]) {
    expect((await post(path, person)).status).toBe(404);
  }
  expect(await fresh.database.user.count()).toBe(0);
});

test('the first sign-in link makes an administrator, once', async () => {
  const token = (await services.people.firstSignIn()) ?? '';
  const people = (await anybody()).people;
  expect(await people.readInvitation({ token })).toEqual({ role: 'administrator', first: true });
  const cookie = await join(token, 'ada');
  expect(await (await callerOf(cookie)).people.me()).toMatchObject({ name: 'ada', role: 'administrator' });
  await expect(people.accept({ token, name: 'eve', email: 'eve@example.com', password: PASSWORD })).rejects.toThrow(
    'INVITATION_INVALID',
  );
  expect(await services.people.firstSignIn()).toBeNull();
});

test('only the hash of a link is stored', async () => {
  const token = (await services.people.firstSignIn()) ?? '';
  const [row] = await fresh.database.invitation.findMany();
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(JSON.stringify(row)).not.toContain(token);
});

test('of many who use first sign-in links at the same time exactly one becomes administrator', async () => {
  const tokens = [await services.people.firstSignIn(), await services.people.firstSignIn()];
  const people = (await anybody()).people;
  const attempts = Array.from({ length: 10 }, (_, index) =>
    people.accept({ token: tokens[index % 2] ?? '', name: 'x', email: `x${index}@example.com`, password: PASSWORD }),
  );
  const results = await Promise.allSettled(attempts);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  expect(await fresh.database.user.count()).toBe(1);
});

test('a first sign-in link is refused after 15 minutes', async () => {
  const token = (await services.people.firstSignIn()) ?? '';
  skewMs = 15 * MINUTE;
  await expect((await anybody()).people.readInvitation({ token })).rejects.toThrow('INVITATION_INVALID');
});

test('a first sign-in link is refused once there is an administrator, whoever made them one', async () => {
  const late = (await services.people.firstSignIn()) ?? '';
  await firstAdministrator();
  await expect(join(late, 'eve')).rejects.toThrow('INVITATION_INVALID');
});

test.each(['viewer', 'operator', 'administrator'] as const)('an invitation makes a %s', async (role) => {
  const cookie = await invited(await firstAdministrator(), role, 'bob');
  expect(await (await callerOf(cookie)).people.me()).toMatchObject({ name: 'bob', role });
});

test('a failed attempt to join leaves the link usable', async () => {
  const administrator = await firstAdministrator();
  const { token } = await (await callerOf(administrator)).people.invite({ role: 'viewer', label: '' });
  const again = (await anybody()).people.accept({ token, name: 'x', email: 'ADA@example.com', password: PASSWORD });
  await expect(again).rejects.toMatchObject({ cause: { code: 'INVALID_INPUT', details: { field: 'email' } } });
  await join(token, 'bob');
});

test('an invitation that was revoked, or is older than a week, is refused', async () => {
  const caller = await callerOf(await firstAdministrator());
  const { token } = await caller.people.invite({ role: 'viewer', label: 'revoked' });
  const [row] = await caller.people.invitations();
  await caller.people.revoke({ invitationId: row?.id ?? '' });
  await expect(join(token, 'bob')).rejects.toThrow('INVITATION_INVALID');
  const old = await caller.people.invite({ role: 'viewer', label: 'old' });
  skewMs = 7 * 24 * 60 * MINUTE;
  await expect((await anybody()).people.readInvitation(old)).rejects.toThrow('INVITATION_INVALID');
});

test('only an administrator invites, sees invitations and changes people', async () => {
  const administrator = await firstAdministrator();
  for (const role of ['viewer', 'operator'] as const) {
    const { people } = await callerOf(await invited(administrator, role, role));
    expect(await people.list()).toHaveLength(role === 'viewer' ? 2 : 3);
    const forbidden = { cause: { code: 'FORBIDDEN', details: { needs: 'administrator' } } };
    await expect(people.invite({ role: 'administrator', label: '' })).rejects.toMatchObject(forbidden);
    await expect(people.invitations()).rejects.toMatchObject(forbidden);
    await expect(people.setRole({ userId: 'x', role: 'viewer' })).rejects.toMatchObject(forbidden);
    await expect(people.disable({ userId: 'x' })).rejects.toMatchObject(forbidden);
  }
  await expect((await anybody()).people.list()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

test('the last administrator cannot be disabled or made less', async () => {
  const { people } = await callerOf(await firstAdministrator());
  const { id } = await people.me();
  const conflict = { cause: { code: 'CONFLICT' } };
  await expect(people.setRole({ userId: id, role: 'operator' })).rejects.toMatchObject(conflict);
  await expect(people.disable({ userId: id })).rejects.toMatchObject(conflict);
});

test('two administrators who make each other less at the same time leave one', async () => {
  const ada = await callerOf(await firstAdministrator());
  const bob = await callerOf(await invited(await signIn('ada@example.com'), 'administrator', 'bob'));
  const [adaId, bobId] = [(await ada.people.me()).id, (await bob.people.me()).id];
  await Promise.allSettled([
    ada.people.setRole({ userId: bobId, role: 'viewer' }),
    bob.people.setRole({ userId: adaId, role: 'viewer' }),
  ]);
  expect(await fresh.database.user.count({ where: { role: 'administrator' } })).toBe(1);
});

test('a disabled person is signed out, cannot sign in, and their invitations are void', async () => {
  const ada = await callerOf(await firstAdministrator());
  const cookie = await invited(await signIn('ada@example.com'), 'administrator', 'bob');
  const bob = await callerOf(cookie);
  const { token } = await bob.people.invite({ role: 'administrator', label: 'a back door' });
  const bobId = (await bob.people.me()).id;
  const sessionId = (await services.identity.signedIn(new Headers({ cookie })))?.sessionId ?? '';
  expect(await services.identity.isOpen(sessionId)).toBe(true);
  await ada.people.disable({ userId: bobId });
  expect(await services.identity.isOpen(sessionId)).toBe(false);
  await expect((await callerOf(cookie)).people.me()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  expect((await post('/sign-in/email', { email: 'bob@example.com', password: PASSWORD })).status).toBe(403);
  await expect(join(token, 'eve')).rejects.toThrow('INVITATION_INVALID');
  await ada.people.enable({ userId: bobId });
  await signIn('bob@example.com');
});

test('a changed role holds from the next request on', async () => {
  const ada = await callerOf(await firstAdministrator());
  const cookie = await invited(await signIn('ada@example.com'), 'viewer', 'bob');
  const { id } = await (await callerOf(cookie)).people.me();
  await ada.people.setRole({ userId: id, role: 'administrator' });
  await (await callerOf(cookie)).people.invite({ role: 'viewer', label: '' });
});

test('the session cookie is HttpOnly and Lax, and Secure where the console is reached by https', async () => {
  await firstAdministrator();
  const plain = await post('/sign-in/email', { email: 'ada@example.com', password: PASSWORD });
  expect(plain.headers.get('set-cookie')).toMatch(/roundhouse\.session_token=.*HttpOnly.*SameSite=Lax/);
  const secure = composeWeb({ ...settings, publicUrl: 'https://console.example' });
  const body = JSON.stringify({ email: 'ada@example.com', password: PASSWORD });
  const response = await secure.identity.handle(
    request('/api/auth/sign-in/email', { method: 'POST', body, origin: 'https://console.example' }),
  );
  await secure.close();
  expect(response.headers.get('set-cookie')).toMatch(/Secure/);
});

test('a session is void under another installation key', async () => {
  const cookie = await firstAdministrator();
  const other = composeWeb({ ...settings, key: new Uint8Array(32).fill(8) });
  expect(await other.identity.signedIn(new Headers({ cookie }))).toBeNull();
  await other.close();
});

/** As after so many guesses: each of them costs a slow hash. */
async function afterGuesses(count: number, key: string): Promise<void> {
  const { count: rows } = await fresh.database.authRateLimit.updateMany({
    where: { key: { contains: key } },
    data: { count },
  });
  expect(rows).toBe(1);
}

async function guess(email: string, address: string): Promise<number> {
  const body = JSON.stringify({ email, password: 'a wrong password' });
  const sent = request('/api/auth/sign-in/email', { method: 'POST', body });
  sent.headers.set('x-forwarded-for', address);
  return (await services.identity.handle(sent)).status;
}

test('guesses at one account are limited even where each comes from another address', async () => {
  await firstAdministrator();
  expect(await guess('ada@example.com', '198.51.100.1')).toBe(401);
  await afterGuesses(19, 'account|');
  expect(await guess('Ada@example.com', '198.51.100.2')).toBe(401);
  expect(await guess('ada@example.com', '198.51.100.3')).toBe(429);
  expect(await guess('bob@example.com', '198.51.100.3')).toBe(401);
});

test('guesses from one address are limited whatever account they are at', async () => {
  expect(await guess('x1@example.com', '198.51.100.1')).toBe(401);
  await afterGuesses(19, '198.51.100.1|');
  expect(await guess('x2@example.com', '198.51.100.1')).toBe(401);
  expect(await guess('x3@example.com', '198.51.100.1')).toBe(429);
  expect(await guess('x4@example.com', '198.51.100.2')).toBe(401);
});

test('a sign-in forgets the guesses before it', async () => {
  await firstAdministrator();
  await guess('ada@example.com', '198.51.100.1');
  await afterGuesses(19, 'account|');
  await signIn('ada@example.com');
  expect(await guess('ada@example.com', '198.51.100.2')).toBe(401);
  expect(await guess('ada@example.com', '198.51.100.2')).toBe(401);
});

test('a POST from another site is refused, to the procedures and to the sign-in', async () => {
  const cookie = await firstAdministrator();
  for (const origin of ['https://evil.example', null]) {
    expect((await post('/sign-in/email', { email: 'ada@example.com', password: PASSWORD }, { origin })).status).toBe(
      403,
    );
    const init = { method: 'POST', body: JSON.stringify({ role: 'viewer' }), cookie, origin };
    const response = await handleTrpc(request('/api/trpc/people.invite', init), services);
    expect(response.status).toBe(403);
  }
  expect(await fresh.database.invitation.count({ where: { invitedBy: { not: null } } })).toBe(0);
  const init = { method: 'POST', body: JSON.stringify({ role: 'viewer' }), cookie };
  expect((await handleTrpc(request('/api/trpc/people.invite', init), services)).status).toBe(200);
});

test('what is wrong in a form reaches it field by field, and a failure keeps its code and request id', async () => {
  const accept = (input: unknown) =>
    handleTrpc(request('/api/trpc/people.accept', { method: 'POST', body: JSON.stringify(input) }), services);
  const invalid = await accept({ token: 'x'.repeat(43), name: '', email: 'no', password: 'short' });
  const { error } = await invalid.json();
  expect(error.data.fields).toMatchObject({ name: 'a name is needed', password: 'at least 12 characters' });
  expect(Object.keys(error.data.fields).sort()).toEqual(['email', 'name', 'password']);
  const refused = await accept({ token: 'x'.repeat(43), name: 'x', email: 'x@example.com', password: PASSWORD });
  expect((await refused.json()).error.data).toMatchObject({
    domain: { code: 'INVITATION_INVALID', details: {} },
    requestId: refused.headers.get('x-request-id'),
  });
});

test('changes of people are in the activity: who, what, before and after', async () => {
  const cookie = await firstAdministrator();
  const ada = await callerOf(cookie);
  const bob = await callerOf(await invited(cookie, 'viewer', 'bob'));
  await ada.people.setRole({ userId: (await bob.people.me()).id, role: 'operator' });
  const { items } = await ada.activity.list({ q: 'bob', limit: 3 });
  expect(
    items.map(({ actorName, verb, objectName, before, after }) => ({ actorName, verb, objectName, before, after })),
  ).toEqual([
    {
      actorName: 'ada',
      verb: 'changed the role of',
      objectName: 'bob',
      before: { role: 'viewer' },
      after: { role: 'operator' },
    },
    { actorName: 'bob', verb: 'joined', objectName: 'bob', before: null, after: { role: 'viewer' } },
    { actorName: 'ada', verb: 'invited', objectName: 'bob', before: null, after: { role: 'viewer' } },
  ]);
  const page = await ada.activity.list({ q: '', limit: 1 });
  const next = await ada.activity.list({ q: '', limit: 1, cursor: page.nextCursor });
  expect([page.items[0]?.verb, next.items[0]?.verb]).toEqual(['changed the role of', 'joined']);
});

const liveRequest = (cursors: object, init: { cookie?: string } = {}) =>
  request(`/api/live?cursors=${encodeURIComponent(JSON.stringify(cursors))}`, init);

test('the live stream carries events over HTTP, and its readers go with the request', async () => {
  const cookie = await firstAdministrator();
  const ada = await callerOf(cookie);
  const { seq } = await ada.activity.list({});
  const response = await handleLive(liveRequest({ activity: seq }, { cookie }), services);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('cache-control')).toContain('no-transform');
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const readUntil = async (part: string) => {
    while (!text.includes(part)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`ended without ${part}: ${text}`);
      text += value;
    }
  };
  await readUntil('"type":"beat"');
  await ada.people.invite({ role: 'viewer', label: 'x' });
  await readUntil(`"stream":"activity","seq":"${BigInt(seq) + 1n}"`);
  const frames = text
    .trimEnd()
    .split('\n\n')
    .map((event) => messageOf(event.replace(/^data: /, '')));
  expect(frames.map(({ type }) => type)).toEqual(['beat', 'events']);
  await reader.cancel();
  await vi.waitFor(() => expect(services.live.readers).toBe(0));
});

test('the live stream of a request that ends leaves no reader', async () => {
  const cookie = await firstAdministrator();
  const end = new AbortController();
  const asked = new Request(liveRequest({ activity: '0' }, { cookie }), { signal: end.signal });
  const reader = (await handleLive(asked, services)).body?.getReader();
  await reader?.read();
  expect(services.live.readers).toBe(1);
  end.abort();
  await vi.waitFor(() => expect(services.live.readers).toBe(0));
});

test('the live stream says who is signed out, and refuses what names no stream', async () => {
  const cookie = await firstAdministrator();
  expect(await (await handleLive(liveRequest({ activity: '0' }), services)).text()).toContain('event: signed-out');
  expect((await handleLive(liveRequest({ 'no stream': '0' }, { cookie }), services)).status).toBe(400);
  expect((await handleLive(request('/api/live', { cookie }), services)).status).toBe(400);
  expect(services.live.readers).toBe(0);
});
