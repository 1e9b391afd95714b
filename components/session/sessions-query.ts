import { type inferParserType, parseAsArrayOf, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { SessionListInput } from '@/server/contract/session.ts';

/** What the list can be narrowed to by how far a session is. */
export const sessionFilters = ['active', 'queued', 'running', 'keeping', 'ended'] as const;
const outcomeFilters = ['succeeded', 'failed', 'error', 'internal-error', 'cancelled', 'finished'] as const;
export const outcomes: readonly (typeof outcomeFilters)[number][] = outcomeFilters;

/** How the list stands in the address. */
export const sessionSearch = {
  state: parseAsStringLiteral(sessionFilters),
  outcome: parseAsStringLiteral(outcomeFilters),
  health: parseAsStringLiteral(['bad'] as const),
  owner: parseAsStringLiteral(['me'] as const),
  pool: parseAsString.withDefault(''),
  q: parseAsString.withDefault(''),
  /** The cursors of the pages before, so that one can go back. */
  after: parseAsArrayOf(parseAsString, '~').withDefault([]),
};
export type SessionSearch = inferParserType<typeof sessionSearch>;

const A_PAGE = 50;

/** What `session.list` is asked for. */
export function sessionListInput({ state, outcome, health, owner, pool, q, after }: SessionSearch): SessionListInput {
  const cursor = after.at(-1);
  return {
    ...(state !== null && { state }),
    ...(outcome !== null && { outcome }),
    ...(health !== null && { health }),
    ...(owner !== null && { owner }),
    ...(pool !== '' && { pool }),
    ...(cursor !== undefined && { cursor }),
    q,
    limit: A_PAGE,
  };
}

/** What the head of the page counts, whatever the list is filtered by. */
export const activeSessions = { state: 'active', q: '', limit: 100 } satisfies SessionListInput;
export const lastSessions = { state: 'ended', q: '', limit: 20 } satisfies SessionListInput;

/** How many sessions stand before those of this page. */
export function firstOf(after: readonly string[]): number {
  return after.length * A_PAGE + 1;
}

/** What the list is filtered by, in words; empty where by nothing. */
export function filterInWords({ state, outcome, health, owner, pool, q }: SessionSearch): string {
  return [
    state,
    outcome,
    health !== null && 'bad health',
    owner !== null && 'mine',
    pool !== '' && `pool ${pool}`,
    q !== '' && `“${q}”`,
  ]
    .filter(Boolean)
    .join(', ');
}
