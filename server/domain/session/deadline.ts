import type { SessionFacts } from './session-facts.ts';

export interface Deadline {
  readonly kind: 'queue' | 'provision' | 'test';
  readonly at: number;
  readonly limitMs: number;
}

/** The limit that runs now; null where there is none, or where the session is over. */
export function deadlineOf({ spec, state, createdAt, provisionAt, runningAt }: SessionFacts): Deadline | null {
  const { queueMs, provisionMs, testMs } = spec.timeouts;
  switch (state) {
    case 'queued':
      return deadline('queue', createdAt, queueMs);
    case 'provisioning':
      return deadline('provision', provisionAt, provisionMs);
    case 'running':
      return deadline('test', runningAt, testMs);
    default:
      return null;
  }
}

/** A limit of 0 is none. */
function deadline(kind: Deadline['kind'], since: number | null, limitMs: number): Deadline | null {
  return since === null || limitMs === 0 ? null : { kind, at: since + limitMs, limitMs };
}
