import { z } from 'zod';
import { type Encodable, goJson, type JsonText, memberTexts } from '../../../domain/instance/json-text.ts';

/** A failure as it is written in an answer. Source: gorilla/rpc `json2`, which InfraKit's own programs speak with. */
export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly code: number,
    message: string,
    readonly data: Encodable = null,
  ) {
    super(message);
  }
}

/** `failed` is every failure of a plugin: what went wrong is in its text alone. */
export const RPC_CODES = { unreadable: -32700, invalid: -32600, failed: -32000 } as const;

export interface RpcRequest {
  readonly method: string;
  /** As the client wrote them, since an error answers with the very bytes. */
  readonly params: JsonText | null;
}

/**
 * Answers one request with what `run` gives. Ids are echoed byte for byte: those of InfraKit's clients have 63 bits.
 * What cannot be understood whole is not run, also where InfraKit's own servers do run it: a request without an id,
 * a batch, and a request that something follows.
 */
export async function answerTo(body: string, run: (request: RpcRequest) => Promise<Encodable>): Promise<string> {
  let id: JsonText | null = null;
  try {
    const envelope = parseEnvelope(body);
    id = envelope.id;
    return line({ jsonrpc: '2.0', result: await run(requestOf(envelope)), id });
  } catch (error) {
    const { code, message, data } =
      error instanceof RpcError ? error : new RpcError(RPC_CODES.failed, error instanceof Error ? error.message : '');
    return line({ jsonrpc: '2.0', error: { code, message, data }, id });
  }
}

function line(value: Encodable): string {
  return `${goJson(value)}\n`;
}

interface Envelope {
  readonly version: unknown;
  readonly method: unknown;
  readonly params: JsonText | null;
  readonly id: JsonText | null;
}

function parseEnvelope(body: string): Envelope {
  const value = parsed(body);
  if (Array.isArray(value)) throw new RpcError(RPC_CODES.invalid, 'batches are not supported');
  if (typeof value !== 'object' || value === null) throw new RpcError(RPC_CODES.invalid, 'a request is an object');
  const texts = new Map(memberTexts(body));
  const given = (name: string) => {
    const text = texts.get(name) ?? null;
    return text?.text === 'null' ? null : text;
  };
  const member = (name: string): unknown => JSON.parse(given(name)?.text ?? '""');
  return { version: member('jsonrpc'), method: member('method'), params: given('params'), id: given('id') };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new RpcError(RPC_CODES.unreadable, error instanceof Error ? error.message : 'no JSON');
  }
}

function requestOf({ version, method, params, id }: Envelope): RpcRequest {
  if (typeof version !== 'string' || typeof method !== 'string') {
    throw new RpcError(RPC_CODES.invalid, 'jsonrpc and method are texts');
  }
  if (version !== '2.0') {
    throw new RpcError(RPC_CODES.invalid, 'jsonrpc must be 2.0', { jsonrpc: version, method, params, id });
  }
  if (id === null) throw new RpcError(RPC_CODES.invalid, 'a request needs an id');
  return { method, params };
}

/** `id` is a number that JavaScript holds exactly. */
export function requestText(method: string, params: Encodable, id: number): string {
  return goJson({ jsonrpc: '2.0', method, params, id });
}

const answerSchema = z.object({
  id: z.union([z.number(), z.string()]),
  result: z.unknown().optional(),
  error: z.object({ code: z.number().default(RPC_CODES.failed), message: z.string().default('') }).nullish(),
});

/**
 * The result in an answer. Throws an RpcError with a failure that the other side tells, and another error for what is
 * no answer to this request: an empty text is how InfraKit's servers answer what they did not understand.
 */
export function resultOf(answer: string, id: number): unknown {
  if (answer === '') throw new Error('the answer is empty');
  const read = answerSchema.safeParse(JSON.parse(answer));
  if (!read.success) throw new Error('the answer is none of JSON-RPC', { cause: read.error });
  const { error, result } = read.data;
  if (String(read.data.id) !== String(id)) throw new Error('the answer is to another request');
  if (error) throw new RpcError(error.code, error.message);
  return result;
}
