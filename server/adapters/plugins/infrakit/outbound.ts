import { lookup } from 'node:dns';
import { once } from 'node:events';
import { BlockList, connect, isIP, type LookupFunction } from 'node:net';
import type { HookRules } from '../../../contract/hooks.ts';
import type { Description } from '../../../domain/instance/plugin.ts';
import { exchange } from './http-exchange.ts';

const ANSWER_LIMIT_BYTES = 65_536;
/** In characters. Everybody should take so many; of one that takes fewer nobody knows. Source: RFC 9110, 4.1. */
const LONGEST_URL = 8_000;

/** This host and what is link-local: services there often take whoever reaches them for a friend. */
const INWARD = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const) {
  INWARD.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 128],
  ['::1', 128],
  ['fe80::', 10],
] as const) {
  INWARD.addSubnet(network, prefix, 'ipv6');
}

/** A URL that points where only the server's own file may let it. */
export class NotReachable extends Error {
  override readonly name = 'NotReachable';

  constructor(where: string) {
    super(`${where} is this host's own or link-local, and the server's file of hooks does not list it`);
  }
}

/**
 * Asks a URL that somebody wrote in the console. Addresses are looked at after names are resolved, on the very
 * connection that is made. Rejects with NotReachable where it may not go.
 */
export async function askOutside(
  url: URL,
  { method, body, signal }: { readonly method: 'GET' | 'POST'; readonly body?: string; readonly signal: AbortSignal },
  { reach }: Pick<HookRules, 'reach'>,
): Promise<{ readonly status: number; readonly text: string }> {
  const { secure, ...where } = targetOf(url, reach);
  return exchange({
    secure,
    ...where,
    path: `${url.pathname}${url.search}`,
    method,
    headers: { 'user-agent': 'roundhouse', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    limitBytes: ANSWER_LIMIT_BYTES,
    signal,
    ...(body === undefined ? {} : { body }),
  });
}

/** Connects to where a URL leads, and asks nothing. Rejects likewise, and where nobody listens. */
export async function knock(url: URL, signal: AbortSignal, { reach }: Pick<HookRules, 'reach'>): Promise<void> {
  const { secure: _, ...where } = targetOf(url, reach);
  const socket = connect({ ...where, signal });
  try {
    await once(socket, 'connect', { signal });
  } finally {
    socket.destroy();
  }
}

function targetOf({ protocol, hostname, port: given }: URL, reach: HookRules['reach']) {
  const secure = protocol === 'https:';
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  const port = given === '' ? (secure ? 443 : 80) : Number(given);
  const listed = reach.includes(`${hostname}:${port}`);
  if (!listed && isIP(host) !== 0 && isInward(host)) throw new NotReachable(`${host}:${port}`);
  return { secure, host, port, ...(listed ? {} : { lookup: outwardOnly }) };
}

const outwardOnly: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    const inward = found?.find(({ address }) => isInward(address));
    if (error || inward) return done(error ?? new NotReachable(`${host} (${inward?.address})`), []);
    const [first] = found;
    if (options.all) return done(null, found);
    done(null, first?.address ?? '', first?.family);
  });
};

function isInward(address: string): boolean {
  return INWARD.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** The template with what it names; null where the machine does not have it, or where no URL comes of it that all take. */
export function filledUrl(template: string, { id, logicalId, tags }: Description): URL | null {
  let missing = false;
  const text = template.replaceAll(/\{(id|logicalId|tag:[^}]+)\}/g, (_, name: string) => {
    const value = name === 'id' ? id : name === 'logicalId' ? logicalId : tags[name.slice('tag:'.length)];
    // Half a character cannot be encoded.
    if (value === undefined || value === null || value === '' || /\p{Surrogate}/u.test(value)) {
      missing = true;
      return '';
    }
    // An address of the sixth version stands in brackets that the template has.
    return encodeURIComponent(value).replaceAll('%3A', ':');
  });
  return missing || text.length > LONGEST_URL || !URL.canParse(text) ? null : new URL(text);
}
