import type { ExecutionFacts, SessionFacts } from './plan-session.ts';

/** What became of a component, as the verb of a sentence: "exited with code 3", "was killed by SIGKILL". */
export function causeOf({ status, exitCode, signal, healthReason }: ExecutionFacts): string {
  if (status.state === 'REJECTED') return `could not be started: ${status.err || status.message}`;
  if (status.state === 'ORPHANED') return 'was lost with its machine';
  if (signal !== null) return `was killed by ${signal}`;
  if (exitCode !== null) return `exited with code ${exitCode}`;
  if (status.state === 'SHUTDOWN') return 'was shut down';
  return `failed: ${status.err || healthReason || status.message}`;
}

/** A moment as the session's page counts it: `+00:12:31` since its components were begun. */
export function sinceStart({ provisionAt, acceptedAt, createdAt }: SessionFacts, at: number): string {
  const seconds = Math.max(0, Math.floor((at - (provisionAt ?? acceptedAt ?? createdAt)) / 1000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `+${parts.map((part) => String(part).padStart(2, '0')).join(':')}`;
}
