import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type Docker from 'dockerode';
import { z } from 'zod';
import type { DockerSettings } from '../../../contract/docker-settings.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import { DomainError } from '../../../domain/errors.ts';
import { redactor } from '../../../domain/session/redact.ts';
import { type Certificates, readCertificates, type SecretTexts } from './certificates.ts';

/** A read that takes longer has failed. */
const READ_MS = 8_000;
const THROTTLED_MS = 5_000;

const failureSchema = z.object({
  statusCode: z.number().optional(),
  code: z.string().optional(),
  message: z.string().default(''),
  json: z.object({ message: z.string() }).optional().catch(undefined),
});

/** What the engine is asked within: a call of the runner with its deadline, or a read with its signal. */
export type Limits = Pick<Call, 'signal'> & Partial<Pick<Call, 'token' | 'deadline'>>;

/** One request to the engine. */
export type Request<Answer> = (docker: Docker) => Promise<Answer>;

/** The way to one Docker engine, and the only place where a failure of it becomes one of ours. */
export class Engine {
  readonly #environment: string;
  readonly #settings: Pick<DockerSettings, 'address' | 'tls'>;
  readonly #secretTexts: SecretTexts;
  /** Connections are used again: an engine that is told to close one may do so before it has read the request. */
  readonly #agent: HttpAgent;

  constructor(environment: string, settings: Pick<DockerSettings, 'address' | 'tls'>, secretTexts: SecretTexts) {
    this.#environment = environment;
    this.#settings = settings;
    this.#secretTexts = secretTexts;
    this.#agent = settings.tls === null ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });
  }

  /**
   * Answers what the engine answered; null where it says that what was asked for is not there (404), is so already (304)
   * or is in another state than that needs (409). Which of them it can be, and what it means, the caller knows.
   *
   * Throws ENVIRONMENT_REFUSED where the engine will not, ENVIRONMENT_THROTTLED where it did not now, and
   * ENVIRONMENT_UNAVAILABLE or CALL_DEADLINE where nobody knows whether it did.
   */
  async ask<Answer>(
    operation: string,
    limits: Limits,
    request: Request<Answer>,
    harmless: readonly (304 | 404 | 409)[] = [],
  ): Promise<Answer | null> {
    const { signal, deadline } = limits;
    signal.throwIfAborted();
    const limitMs = deadline === undefined ? READ_MS : deadline - Date.now();
    if (limitMs <= 0) throw this.#late(operation, limits);
    const limit = AbortSignal.timeout(limitMs);
    const within = AbortSignal.any([signal, limit]);
    let certificates: Certificates | null = null;
    try {
      certificates = await raced(this.#certificates(), within);
      return await raced(request(await this.#client(limitMs, certificates)), within);
    } catch (cause) {
      signal.throwIfAborted();
      if (limit.aborted) throw this.#late(operation, limits);
      const failure = failureSchema.catch({ message: String(cause) }).parse(cause);
      if (harmless.some((status) => status === failure.statusCode)) return null;
      throw this.#translated(operation, failure, cause, certificates);
    }
  }

  refused(operation: string, message: string, cause?: unknown): DomainError<'ENVIRONMENT_REFUSED'> {
    const details = { environment: this.#environment, operation, message };
    return new DomainError('ENVIRONMENT_REFUSED', details, { cause, message });
  }

  unavailable(operation: string, message: string, cause?: unknown): DomainError<'ENVIRONMENT_UNAVAILABLE'> {
    const details = { environment: this.#environment, operation };
    return new DomainError('ENVIRONMENT_UNAVAILABLE', details, { cause, message });
  }

  notSupported(operation: string, message: string): DomainError<'NOT_SUPPORTED'> {
    return new DomainError('NOT_SUPPORTED', { environment: this.#environment, operation }, { message });
  }

  async #certificates(): Promise<Certificates | null> {
    const { tls } = this.#settings;
    return tls === null ? null : readCertificates(this, tls, this.#secretTexts);
  }

  /**
   * The client has a signal too, but throws where nobody can catch it if that fires in the middle of an answer. So it is
   * given the time after which a silent connection is closed, and nobody waits for it longer than the signal says.
   */
  async #client(limitMs: number, certificates: Certificates | null): Promise<Docker> {
    const { address } = this.#settings;
    // It loads much that is not needed here, so processes that ask no engine are spared it.
    const { default: Client } = await import('dockerode');
    // All is said, since what is left out the client takes from DOCKER_HOST and its kin.
    const unsaid = {
      agent: this.#agent,
      timeout: Math.ceil(limitMs),
      socketPath: undefined,
      host: undefined,
      port: undefined,
      ca: undefined,
      cert: undefined,
      key: undefined,
    };
    const protocol = certificates === null ? 'http' : 'https';
    if (address.startsWith('unix://')) {
      return new Client({ ...unsaid, protocol, socketPath: address.slice('unix://'.length) });
    }
    const { hostname, port } = new URL(address.replace('tcp:', `${protocol}:`));
    return new Client({ ...unsaid, protocol, host: `${protocol}://${hostname}`, port, ...certificates });
  }

  #translated(
    operation: string,
    { statusCode, code, message, json }: z.output<typeof failureSchema>,
    error: unknown,
    certificates: Certificates | null,
  ) {
    if (error instanceof DomainError) return error;
    const { address } = this.#settings;
    // What an engine says may be what it was shown, and whoever sets the address chooses who answers there.
    const hidden = redactor(Object.values(certificates ?? {}).map((text) => new TextEncoder().encode(text)));
    const cause = certificates === null ? error : new Error(hidden(message));
    const words = hidden(json?.message ?? message);
    if (statusCode === 429) {
      return new DomainError(
        'ENVIRONMENT_THROTTLED',
        { environment: this.#environment, operation, retryAfterMs: THROTTLED_MS },
        { cause },
      );
    }
    if (statusCode !== undefined && statusCode < 500)
      return this.refused(operation, `The engine says: ${words}`, cause);
    if (code === 'EACCES' || code === 'EPERM') {
      return this.refused(
        operation,
        `The worker may not open ${address}: add its user to the group that owns the socket (docker), and start it again.`,
        cause,
      );
    }
    if (code !== undefined && /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED)/.test(code)) {
      return this.refused(operation, `TLS with ${address} fails (${code}): ${words}`, cause);
    }
    const text =
      statusCode === undefined ? `The engine at ${address} gave no answer: ${words}` : `The engine says: ${words}`;
    return this.unavailable(operation, text, cause);
  }

  #late(operation: string, { token }: Limits): DomainError {
    if (token !== undefined) return new DomainError('CALL_DEADLINE', { operation, token });
    return this.unavailable(operation, `The engine at ${this.#settings.address} gave no answer in time.`);
  }
}

/** The client forgets a request whose connection ends in the middle of the answer, so it is not waited for. */
function raced<Answer>(request: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const cancel = () => reject(signal.reason);
    signal.addEventListener('abort', cancel, { once: true });
    request.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}

/** The client would write all of it into the address of the request too, where values of the environment may be logged. */
export function creation<Body extends object>(name: string, body: Body) {
  return { name, _query: { name }, _body: body };
}
