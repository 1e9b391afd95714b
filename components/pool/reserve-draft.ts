import type { z } from 'zod';
import { reserveSchema } from '../../server/contract/pool.ts';
import { parseDuration } from '../plan/duration-text.ts';

/** A wish as it is typed. */
export interface ReserveDraft {
  readonly wants: readonly WantDraft[];
  readonly purpose: string;
  /** "30 min", "4 h" */
  readonly forText: string;
}

export interface WantDraft {
  /** Of the row on the page, which stays the same while the row does. */
  readonly key: number;
  readonly pool: string;
  readonly count: number | null;
}

/** The lengths that one click chooses. */
export const lengthPresets = ['30 min', '1 h', '4 h'] as const;

type Reservation = z.output<typeof reserveSchema>;
export type WantErrors = Readonly<Record<'wants' | 'purpose' | 'forMs', string | undefined>>;

/** What to ask the server for, or what is wrong with each field. */
export function readReserveDraft(draft: ReserveDraft): { value: Reservation } | { errors: WantErrors } {
  const wants = wantsOf(draft.wants);
  const seconds = parseDuration(draft.forText);
  const result = reserveSchema.safeParse({
    wants: wants ?? [],
    purpose: draft.purpose,
    forMs: seconds === null ? undefined : seconds * 1_000,
  });
  if (result.success) return { value: result.data };
  const first = (field: keyof WantErrors) => result.error.issues.find((issue) => issue.path[0] === field)?.message;
  return {
    errors: {
      wants: wants === null ? 'choose a pool and how many, 1 to 1000, in each row' : first('wants'),
      purpose: first('purpose'),
      forMs: seconds === null ? 'a duration, such as 90 min or 2 h' : first('forMs'),
    },
  };
}

/** How many machines of each pool, in the order of the rows; rows of one pool add up. Null while a row says nothing. */
export function wantsOf(rows: readonly WantDraft[]): { pool: string; count: number }[] | null {
  const counts = new Map<string, number>();
  for (const { pool, count } of rows) {
    if (pool === '' || count === null || !Number.isInteger(count) || count < 1 || count > 1_000) return null;
    counts.set(pool, (counts.get(pool) ?? 0) + count);
  }
  return counts.size === 0 ? null : [...counts].map(([pool, count]) => ({ pool, count }));
}
