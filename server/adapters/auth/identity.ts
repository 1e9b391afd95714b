import { createHash, hkdfSync } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { APIError } from 'better-auth/api';
import { type Role, roles, type Viewer } from '../../contract/people.ts';
import { isOwnOrigin } from '../../domain/people/own-origin.ts';
import type { PrismaClient } from '../postgres/generated/client.ts';

export interface IdentitySettings {
  /** The installation's key: what signs the cookies is derived from it. */
  readonly key: Uint8Array;
  /** Where people reach the console, when it is known; the first is the canonical one. */
  readonly publicOrigins: readonly string[];
  /** Proxies whose forwarded address is believed. */
  readonly trustedProxies: readonly string[];
}

/** Who asks, and by which session. */
export interface SignedIn {
  readonly viewer: Viewer;
  readonly sessionId: string;
}

const DAY_S = 86_400;
/** Everything else that the library could answer is not part of the product. */
const OPEN_PATHS = new Set(['/sign-in/email', '/sign-out']);
const BASE_PATH = '/api/auth';
const ACCOUNT_FAILURES = 20;
const ACCOUNT_WINDOW_MS = 15 * 60_000;
const SEEN_MS = 5 * 60_000;

/** Sign-in by password and the sessions that follow from it. Accounts are made by invitation only, not here. */
export class Identity {
  readonly #database: PrismaClient;
  readonly #settings: IdentitySettings;
  readonly #auth: ReturnType<typeof createAuth>;

  constructor(database: PrismaClient, settings: IdentitySettings) {
    this.#database = database;
    this.#settings = settings;
    this.#auth = createAuth(database, settings);
  }

  /** Answers a request to `/api/auth/…`. */
  async handle(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname.slice(BASE_PATH.length);
    if (!OPEN_PATHS.has(path)) return refusal(404, 'NOT_FOUND', 'Not found.');
    const { headers } = request;
    if (
      request.method !== 'GET' &&
      !isOwnOrigin(headers.get('origin'), headers.get('host'), this.#settings.publicOrigins)
    ) {
      return refusal(403, 'INVALID_ORIGIN', 'This request did not come from the console.');
    }
    return path === '/sign-in/email' ? this.#signIn(request) : this.#auth.handler(request);
  }

  /** Who sends these headers; null for nobody, for an ended session and for a disabled account. */
  async signedIn(headers: Headers): Promise<SignedIn | null> {
    const found = await this.#auth.api.getSession({ headers });
    if (found === null || found.user.disabledAt) return null;
    const { user, session } = found;
    const role = parseRole(user.role);
    if (role === null) return null;
    if (Date.now() - session.updatedAt.getTime() > SEEN_MS) {
      await this.#database.authSession.updateMany({ where: { id: session.id }, data: { updatedAt: new Date() } });
    }
    return { viewer: { id: user.id, name: user.name, email: user.email, role }, sessionId: session.id };
  }

  /** Whether the session still is one: not signed out, not expired, its account not disabled. */
  async isOpen(sessionId: string): Promise<boolean> {
    const open = await this.#database.authSession.count({
      where: { id: sessionId, expiresAt: { gt: new Date() }, user: { disabledAt: null } },
    });
    return open > 0;
  }

  /** The library counts by address, which many may share or forge; guesses at one account are counted here as well. */
  async #signIn(request: Request): Promise<Response> {
    const key = accountKey(await request.clone().text());
    const since = Date.now() - ACCOUNT_WINDOW_MS;
    const failures = await this.#database.authRateLimit.findFirst({ where: { key, lastRequest: { gt: since } } });
    if (failures !== null && failures.count >= ACCOUNT_FAILURES) {
      return refusal(429, 'TOO_MANY_REQUESTS', 'Too many attempts for this account. Try again in 15 minutes.');
    }
    const response = await this.#auth.handler(request);
    if (response.status === 401) await this.#countFailure(key, since);
    if (response.ok) await this.#database.authRateLimit.deleteMany({ where: { key } });
    return response;
  }

  async #countFailure(key: string, since: number): Promise<void> {
    await this.#database.$executeRaw`
      insert into auth_rate_limit (id, key, count, last_request) values (${key}, ${key}, 1, ${Date.now()})
      on conflict (key) do update set
        count = case when auth_rate_limit.last_request < ${since} then 1 else auth_rate_limit.count + 1 end,
        last_request = excluded.last_request`;
  }
}

function createAuth(database: PrismaClient, settings: IdentitySettings) {
  const [publicOrigin] = settings.publicOrigins;
  return betterAuth({
    appName: 'Roundhouse',
    baseURL: publicOrigin,
    basePath: BASE_PATH,
    secret: Buffer.from(hkdfSync('sha256', settings.key, '', 'roundhouse sign-in', 32)).toString('base64url'),
    database: prismaAdapter(database, { provider: 'postgresql', transaction: true }),
    trustedOrigins: (request) => [...settings.publicOrigins, ...hostOrigins(request)],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    user: {
      additionalFields: {
        role: { type: 'string', required: true, defaultValue: 'viewer', input: false },
        disabledAt: { type: 'date', required: false, input: false },
      },
    },
    // A session has one end that nothing moves: a page that only reads need not renew a cookie.
    session: { modelName: 'authSession', expiresIn: 14 * DAY_S, disableSessionRefresh: true },
    account: { modelName: 'authAccount' },
    verification: { modelName: 'authVerification' },
    rateLimit: {
      enabled: true,
      storage: 'database',
      modelName: 'authRateLimit',
      window: ACCOUNT_WINDOW_MS / 1000,
      max: 3_000,
      customRules: { '/sign-in/email': { window: 60, max: 20 } },
    },
    advanced: {
      cookiePrefix: 'roundhouse',
      useSecureCookies: publicOrigin?.startsWith('https://') ?? false,
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true },
      ipAddress: { ipAddressHeaders: ['x-forwarded-for'], trustedProxies: [...settings.trustedProxies] },
      disableCSRFCheck: false,
      disableOriginCheck: false,
    },
    databaseHooks: { session: { create: { before: async ({ userId }) => refuseDisabled(database, userId) } } },
    logger: { level: 'error' },
    telemetry: { enabled: false },
  });
}

/** The origins of the host that a request asked for: the console is used where no public address was configured, too. */
function hostOrigins(request: Request | undefined): readonly string[] {
  const host = request?.headers.get('host');
  return host ? [`http://${host}`, `https://${host}`] : [];
}

async function refuseDisabled(database: PrismaClient, userId: string): Promise<void> {
  const user = await database.user.findUnique({ where: { id: userId }, select: { disabledAt: true } });
  if (user?.disabledAt)
    throw new APIError('FORBIDDEN', { code: 'ACCOUNT_DISABLED', message: 'This account is disabled.' });
}

function parseRole(role: string): Role | null {
  return roles.find((known) => known === role) ?? null;
}

function accountKey(body: string): string {
  let email: unknown;
  try {
    email = JSON.parse(body).email;
  } catch {
    // The library answers that the body is none; the attempt is counted with the others that name no account.
  }
  return `account|${createHash('sha256').update(String(email).trim().toLowerCase()).digest('base64url')}`;
}

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status });
}
