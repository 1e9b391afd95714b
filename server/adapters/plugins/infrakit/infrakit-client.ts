import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Call } from '../../../domain/cycle/environment.ts';
import { DomainError, isDomainError } from '../../../domain/errors.ts';
import type { Encodable } from '../../../domain/instance/json-text.ts';
import { exchange } from './http-exchange.ts';
import { DRIVEN, decodeInterface, type InterfaceSpec, refusalOf } from './interface-spec.ts';
import { RpcError, requestText, resultOf } from './rpc.ts';

/** More than a list of ten thousand machines with their properties. */
const ANSWER_LIMIT_BYTES = 33_554_432;
/** For calls that have no deadline of their own. */
const READ_LIMIT_MS = 10_000;

/** What a plugin said of itself. */
export interface PluginIdentity {
  readonly interfaces: readonly InterfaceSpec[];
  /** Of the instance interface; null where this generation of plugins does not tell. The empty type is the plugin itself. */
  readonly types: readonly string[] | null;
}

/**
 * Calls one plugin. Its failures become ours here and nowhere else: a failure that the plugin tells is
 * ENVIRONMENT_REFUSED with the plugin's words, no answer in time is CALL_DEADLINE, and everything else that is no
 * proper answer is ENVIRONMENT_UNAVAILABLE, which leaves open whether the call took effect.
 */
export class InfrakitClient {
  readonly #name: string;
  readonly #address: string;
  readonly #answerLimitBytes: number;
  #calls = 0;

  /** `name` is that of the environment, for its errors. */
  constructor(name: string, address: string, answerLimitBytes = ANSWER_LIMIT_BYTES) {
    this.#name = name;
    this.#address = address;
    this.#answerLimitBytes = answerLimitBytes;
  }

  async call<T>(operation: string, params: Encodable, result: z.ZodType<T>, limits: Limits): Promise<T> {
    const { signal, deadline = Date.now() + READ_LIMIT_MS, token = '' } = limits;
    signal.throwIfAborted();
    const late = AbortSignal.timeout(Math.max(0, deadline - Date.now()));
    try {
      return result.parse(await this.#ask(operation, params, AbortSignal.any([signal, late])));
    } catch (cause) {
      signal.throwIfAborted();
      if (late.aborted) throw new DomainError('CALL_DEADLINE', { operation, token }, { cause });
      const where = { environment: this.#name, operation };
      if (cause instanceof RpcError) {
        const message = cause.message === '' ? 'the plugin refused and did not say why' : cause.message;
        throw new DomainError('ENVIRONMENT_REFUSED', { ...where, message }, { cause });
      }
      throw new DomainError('ENVIRONMENT_UNAVAILABLE', where, { cause });
    }
  }

  async #ask(operation: string, params: Encodable, signal: AbortSignal): Promise<unknown> {
    this.#calls += 1;
    const id = this.#calls;
    const { status, text } = await exchange({
      ...(await targetOf(this.#address)),
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/json' },
      body: requestText(operation, params, id),
      limitBytes: this.#answerLimitBytes,
      signal,
    });
    if (status !== 200) throw new Error(`the plugin answered with status ${status}: ${text.slice(0, 200)}`);
    return resultOf(text, id);
  }

  /** Asks in the words of each generation, the newest first. */
  async hello(limits: Limits): Promise<PluginIdentity> {
    const refusals: unknown[] = [];
    for (const { method, answer } of HANDSHAKES) {
      try {
        return await this.call(method, {}, answer, limits);
      } catch (error) {
        // A plugin that does not know the words says so, or answers something odd.
        if (!isDomainError(error) || !(error.code === 'ENVIRONMENT_REFUSED' || isOdd(error))) throw error;
        refusals.push(error);
      }
    }
    throw refusals.at(-1);
  }

  /** Throws ENVIRONMENT_REFUSED for what is no instance plugin that we can drive, or does not have the type. */
  async check(type: string, limits: Limits): Promise<void> {
    const { interfaces, types } = await this.hello(limits);
    const refusal = refusalOf(interfaces, DRIVEN) ?? typeRefusal(types, type);
    if (refusal === null) return;
    throw new DomainError('ENVIRONMENT_REFUSED', { environment: this.#name, operation: 'handshake', message: refusal });
  }
}

/** Without a deadline a call has ten seconds. */
export interface Limits extends Partial<Pick<Call, 'token' | 'deadline'>> {
  readonly signal: AbortSignal;
}

/** Whether something did answer, though nothing that can be understood. */
function isOdd(error: DomainError): boolean {
  const { cause } = error;
  return error.code === 'ENVIRONMENT_UNAVAILABLE' && !(cause instanceof Error && 'code' in cause);
}

function typeRefusal(types: readonly string[] | null, type: string): string | null {
  if (types === null || types.length === 0 || types.includes(type)) return null;
  const known = types.map((one) => (one === '' ? 'the plugin itself' : one)).join(', ');
  return `no-plugin:${type}; this address serves ${known}`;
}

/** The name of an object that is its plugin itself is a dot, or nothing. */
function identityOf(objects: Readonly<Record<string, readonly string[] | null>>): PluginIdentity {
  const served = Object.entries(objects).map(([spec, names]) => ({ spec: decodeInterface(spec), names }));
  const types = served.filter(({ spec }) => spec.name === DRIVEN.name).flatMap(({ names }) => names ?? []);
  return { interfaces: served.map(({ spec }) => spec), types: types.map((name) => (name === '.' ? '' : name)) };
}

const HANDSHAKES: readonly { readonly method: string; readonly answer: z.ZodType<PluginIdentity> }[] = [
  {
    method: 'Handshake.Hello',
    answer: z
      .object({ Objects: z.record(z.string(), z.array(z.object({ Name: z.string() })).nullable()) })
      .transform(({ Objects }) =>
        identityOf(
          Object.fromEntries(
            Object.entries(Objects).map(([spec, named]) => [spec, named?.map(({ Name }) => Name) ?? null]),
          ),
        ),
      ),
  },
  {
    method: 'Handshake.Types',
    answer: z
      .object({ Types: z.record(z.string(), z.array(z.string()).nullable()) })
      .transform(({ Types }) => identityOf(Types)),
  },
  {
    method: 'Handshake.Implements',
    answer: z.object({ APIs: z.array(z.object({ Name: z.string(), Version: z.string() })) }).transform(({ APIs }) => ({
      interfaces: APIs.map(({ Name, Version }) => ({ name: Name, version: Version, sub: '' })),
      types: null,
    })),
  },
];

/** Source: docker/infrakit `pkg/rpc/client`: a file `*.listen` holds the address of a plugin that listens elsewhere. */
async function targetOf(address: string): Promise<{ socketPath: string } | { host: string; port: number }> {
  const given = address.endsWith('.listen') ? (await readFile(address, 'utf8')).trim() : address;
  if (given.startsWith('/')) return { socketPath: given };
  const url = new URL(given);
  if (url.protocol === 'unix:') return { socketPath: url.pathname };
  if (url.protocol !== 'tcp:' && url.protocol !== 'http:') throw new Error(`no address of a plugin: ${given}`);
  return { host: url.hostname.replaceAll(/^\[|\]$/g, ''), port: Number(url.port === '' ? 80 : url.port) };
}
