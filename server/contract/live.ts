import { z } from 'zod';
import type { InstancesPatch } from './instances-patch.ts';
import { MAX_STREAMS } from './live-limits.ts';

/** The streams of one object (`cluster:<id>`, `session:<id>`, …) and those of lists (`cycles`, `sessions`, …). */
export const streamNameSchema = z
  .string()
  .regex(
    /^(environment|cluster|cycle|plan|pool|session|execution):[^\s:]{1,100}$|^(activity|cycles|plans|environments|pools|sessions)$/,
  );

/** A cursor is, for each stream, the sequence number of the last event seen. */
export const cursorsSchema = z
  .record(streamNameSchema, z.string().regex(/^\d{1,19}$/))
  .refine((cursors) => Object.keys(cursors).length <= MAX_STREAMS, { message: `at most ${MAX_STREAMS} streams` });
export type Cursors = z.infer<typeof cursorsSchema>;

/** What the stream carries: events, or a beat that says the connection is well and what time the server has. */
export type LiveMessage =
  | { readonly type: 'events'; readonly events: readonly LiveEvent[] }
  | { readonly type: 'beat'; readonly at: number }
  | { readonly type: 'resync'; readonly stream: string; readonly seq: string };

export interface LiveEvent {
  readonly stream: string;
  readonly seq: string;
  readonly kind: LiveEventKind;
  readonly body: LiveEventBody;
  readonly at: number;
}

/**
 * changed: the object was changed; a view of it is to be read again, or patched where `body` says how.
 * synced: the facts were read again and are what they were.
 */
export type LiveEventKind = 'changed' | 'synced';

export interface LiveEventBody {
  readonly observedAt?: number;
  readonly clusterIds?: readonly string[];
  readonly what?: string;
  /** What changed, where that is less than to read the view again. */
  readonly patch?: InstancesPatch;
  /** How many rows a view of the object draws: who draws many is told more seldom. */
  readonly rows?: number;
}
