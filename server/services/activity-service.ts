import type { z } from 'zod';
import type { ActivityView, activityListSchema } from '../contract/activity.ts';

export interface ActivityLog {
  list(query: {
    q: string;
    objectKind?: string;
    objectId?: string;
    beforeId: string | null;
    limit: number;
  }): Promise<readonly ActivityView[]>;
  /** The number of the last event of the stream `activity`. */
  seq(): Promise<string>;
}

export interface ActivityPage {
  readonly items: readonly ActivityView[];
  /** Where the next page begins; null after the last line. */
  readonly nextCursor: string | null;
  readonly seq: string;
}

export class ActivityService {
  readonly #log: ActivityLog;

  constructor(log: ActivityLog) {
    this.#log = log;
  }

  async list(input: z.output<typeof activityListSchema>): Promise<ActivityPage> {
    const { cursor, limit, ...filter } = input;
    const seq = await this.#log.seq();
    const rows = await this.#log.list({ ...filter, beforeId: cursor ?? null, limit: limit + 1 });
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null, seq };
  }
}
