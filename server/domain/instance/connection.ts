import { isDomainError } from '../errors.ts';

/** One thing that an environment needs of its back end, as it was found. */
export interface Finding {
  /** `The engine answers`. */
  readonly what: string;
  /** Which right or setting is missing, as whole sentences; null: nothing. */
  readonly problem: string | null;
  /** What was found, such as a version. */
  readonly detail: string | null;
}

export interface ConnectionStep {
  readonly what: string;
  /** Without this the steps after it say nothing, and are not tried. */
  readonly isGround?: boolean;
  /** Gives a detail. What it throws is what is missing. */
  readonly attempt: (signal: AbortSignal) => Promise<string | null>;
}

/** Tries the steps in order. Throws only where the signal aborts. */
export async function findingsOf(steps: readonly ConnectionStep[], signal: AbortSignal): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { what, isGround = false, attempt } of steps) {
    const finding = await tried(what, attempt, signal);
    findings.push(finding);
    if (isGround && finding.problem !== null) break;
  }
  return findings;
}

async function tried(what: string, attempt: ConnectionStep['attempt'], signal: AbortSignal): Promise<Finding> {
  try {
    return { what, problem: null, detail: await attempt(signal) };
  } catch (error) {
    signal.throwIfAborted();
    return { what, problem: wordsOf(error), detail: null };
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const details: object = isDomainError(error) ? error.details : {};
  return 'message' in details ? String(details.message) : error.message;
}
