import type { SessionRow, SessionView } from '../../server/contract/session.ts';
import { formatDuration } from '../ui/duration.ts';

/** What makes the head of the list: how many run, who waits, how the last ones ended. */
export interface SessionsCount {
  readonly running: number;
  readonly waiting: number;
  /** Since when the one that has waited longest waits. */
  readonly waitingSince: number | null;
  readonly kept: number;
  readonly failed: number;
  readonly ended: number;
}

export function countSessions(active: readonly SessionRow[], last: readonly SessionRow[]): SessionsCount {
  const waiting = active.filter(({ state }) => state === 'queued');
  const kept = active.filter(({ state }) => state === 'keeping').length;
  const failures = ['failed', 'error', 'internal-error'];
  return {
    running: active.length - waiting.length - kept,
    waiting: waiting.length,
    waitingSince: waiting.length === 0 ? null : Math.min(...waiting.map(({ createdAt }) => createdAt)),
    kept,
    failed: last.filter(({ outcome }) => outcome !== null && failures.includes(outcome)).length,
    ended: last.length,
  };
}

/** What a session does now and for how long, while it has no outcome. */
export function nowSentence(session: SessionView, now: number): string {
  const since = (at: number | null) => formatDuration(now - (at ?? session.createdAt));
  const total = session.spec.components.length;
  const ready = session.executions.filter(({ health }) => health === 'ready' || health === 'succeeded').length;
  switch (session.state) {
    case 'queued':
      return `Waits for ${wantsInWords(session.wants)} since ${since(session.createdAt)}.`;
    case 'accepted':
      return `Holds its ${count(total, 'machine')} since ${since(session.acceptedAt)}; its components are begun next.`;
    case 'provisioning': {
      const waited = session.executions.filter(({ health }) => health !== 'ready').map(({ name }) => name);
      const rest = waited.length === 0 ? '' : `; waits for ${waited.join(', ')}`;
      return `Starting its components since ${since(session.provisionAt)}: ${ready} of ${total} ready${rest}.`;
    }
    case 'running': {
      const limit = session.spec.timeouts.testMs;
      const most = limit === 0 ? 'It may run as long as it takes.' : `It may run for ${formatDuration(limit)}.`;
      return `The driver runs since ${since(session.runningAt)}; ${ready} of ${total} components are well. ${most}`;
    }
    default:
      return `Its outcome is being settled since ${since(session.decidedAt)}.`;
  }
}

/** From when a session had its machines until its outcome was known (`to` is null before); null while it has none. */
export function workingTime({
  acceptedAt,
  decidedAt,
  endedAt,
}: Pick<SessionRow, 'acceptedAt' | 'decidedAt' | 'endedAt'>): {
  readonly from: number;
  readonly to: number | null;
} | null {
  return acceptedAt === null ? null : { from: acceptedAt, to: decidedAt ?? endedAt };
}

/** `2 of workers, 1 of drivers` */
export function wantsInWords(wants: SessionRow['wants']): string {
  return wants.map(({ pool, count: machines }) => `${machines} of ${pool}`).join(', ');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
