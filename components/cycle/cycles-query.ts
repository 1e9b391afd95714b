import { type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server';

/** What the list can be narrowed to; `waiting` are the plans that are no cycles yet. */
export const cycleFilters = ['waiting', 'active', 'paused', 'ended', 'completed', 'aborted', 'failed'] as const;
export type CycleFilter = (typeof cycleFilters)[number];

/** How the list stands in the address. */
export const cycleSearch = {
  state: parseAsStringLiteral(cycleFilters),
  q: parseAsString.withDefault(''),
  /** The name of an environment; the shell sets it. */
  env: parseAsString.withDefault(''),
};
export type CycleSearch = inferParserType<typeof cycleSearch>;

/** A cluster has at most one active cycle, so nearly all installations show them all. */
const ACTIVE_SHOWN = 100;
const ENDED_A_PAGE = 30;

export const endedPages = {
  getNextPageParam: (page: { readonly nextCursor: string | null }) => page.nextCursor,
};

export interface CycleSections {
  readonly waiting: boolean;
  /** What `cycle.list` is asked for; null: the section is not shown. */
  readonly active: SectionInput | null;
  readonly ended: SectionInput | null;
}

interface SectionInput {
  readonly state: string;
  readonly q: string;
  readonly environment: string;
  readonly limit: number;
}

/** Which sections are shown, and of what. */
export function cycleSections({ state, q, env }: CycleSearch): CycleSections {
  const active = { state: state === 'paused' ? 'paused' : 'active', q, environment: env, limit: ACTIVE_SHOWN };
  const ended = { state: state ?? 'ended', q, environment: env, limit: ENDED_A_PAGE };
  switch (state) {
    case null:
      return { waiting: true, active, ended };
    case 'waiting':
      return { waiting: true, active: null, ended: null };
    case 'active':
    case 'paused':
      return { waiting: false, active, ended: null };
    default:
      return { waiting: false, active: null, ended };
  }
}
