import { readFileSync } from 'node:fs';

/** What the reference was asked and what it answered; the id of an exchange is written as `"#ID"`. */
export interface Exchange {
  readonly request: string;
  readonly response: string;
  readonly responseContentType: string;
  readonly status: number;
}

export interface WireSpec {
  readonly propertiesText: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly init: string;
  readonly logicalID: string | null;
  readonly attachments: readonly { readonly id: string; readonly type: string }[] | null;
}

export interface WireDescription {
  readonly id: string;
  readonly logicalID: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly propertiesText: string | null;
}

export type WireCall =
  | { readonly fn: 'validate'; readonly propertiesText: string | null }
  | { readonly fn: 'provision'; readonly spec: WireSpec }
  | { readonly fn: 'label'; readonly id: string; readonly labels: Readonly<Record<string, string>> | null }
  | { readonly fn: 'destroy'; readonly id: string; readonly reason: string }
  | {
      readonly fn: 'describeInstances';
      readonly tags: Readonly<Record<string, string>> | null;
      readonly properties: boolean;
    };

export interface CallCase {
  readonly kind: 'call';
  readonly name: string;
  readonly call: WireCall;
  readonly exchange: Exchange;
  readonly pluginReceived: readonly unknown[] | null;
  readonly pluginReturns: {
    readonly id: string | null;
    readonly err: string | null;
    readonly descriptions: readonly WireDescription[] | null;
  };
  readonly clientResult: unknown;
  readonly clientError: string | null;
}

export interface HandshakeCase {
  readonly kind: 'handshake';
  readonly name: string;
  readonly exchange: readonly Exchange[];
}

export interface RawCase {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  readonly status: number;
  readonly response: string;
  readonly responseContentType: string;
  readonly pluginReceived: readonly unknown[] | null;
}

export interface InfoCase {
  readonly server: 'default' | 'typed' | 'vendor';
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
  readonly firstFunction?: object;
  readonly functionCounts?: Readonly<Record<string, number>>;
}

interface Files {
  readonly rpc: CallCase | HandshakeCase;
  readonly 'rpc-raw': RawCase;
  readonly info: InfoCase;
  readonly handshake: Readonly<Record<string, unknown>>;
}

/** Cases recorded from the reference implementation, docker/infrakit@41da4a601bbb. */
export function vectors<Name extends keyof Files>(name: Name): readonly Files[Name][] {
  const file = new URL(`./infra-${name}.json`, import.meta.url);
  const { cases }: { cases: readonly Files[Name][] } = JSON.parse(readFileSync(file, 'utf8'));
  return cases;
}
