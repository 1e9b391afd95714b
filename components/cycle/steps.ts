import type { IntentView } from '../../server/contract/cycle.ts';

/** One call, and the how manieth try of the same thing it was. */
export interface StepCall {
  readonly intent: IntentView;
  readonly attempt: number;
}

/** What one turn of the runner ordered. */
export interface CycleStep {
  readonly step: number;
  readonly at: number;
  /** When its last call was settled; null while one is open. */
  readonly endedAt: number | null;
  readonly outcome: 'done' | 'open' | 'unknown' | 'failed';
  /** "start 2, drain 3" */
  readonly title: string;
  readonly calls: readonly StepCall[];
}

const KINDS = ['start', 'drain', 'undrain', 'terminate'] as const satisfies readonly IntentView['kind'][];

/** Groups intents, which come in the order of their steps. */
export function cycleSteps(intents: readonly IntentView[]): CycleStep[] {
  const attempts = new Map<string, number>();
  const steps = new Map<number, StepCall[]>();
  for (const intent of intents) {
    // A start has no instance: each one after a start that did not happen tries the same again.
    const key = `${intent.kind} ${intent.instanceId ?? ''}`;
    const attempt = (attempts.get(key) ?? 0) + 1;
    const isOver = intent.instanceId === null && intent.outcome !== 'not-done' && intent.outcome !== 'failed';
    attempts.set(key, isOver ? 0 : attempt);
    const calls = steps.get(intent.step) ?? [];
    calls.push({ intent, attempt });
    steps.set(intent.step, calls);
  }
  return [...steps].map(([step, calls]) => cycleStep(step, calls));
}

function cycleStep(step: number, calls: readonly StepCall[]): CycleStep {
  const intents = calls.map(({ intent }) => intent);
  const isOpen = intents.some((intent) => intent.outcome === 'pending' || intent.outcome === 'unknown');
  return {
    step,
    at: Math.min(...intents.map((intent) => intent.createdAt)),
    endedAt: isOpen ? null : Math.max(...intents.map((intent) => intent.settledAt ?? intent.createdAt)),
    outcome: outcomeOf(intents),
    title: titleOf(intents),
    calls,
  };
}

function outcomeOf(intents: readonly IntentView[]): CycleStep['outcome'] {
  const some = (...outcomes: readonly IntentView['outcome'][]) =>
    intents.some((intent) => outcomes.includes(intent.outcome));
  if (some('failed', 'not-done', 'partly-done')) return 'failed';
  if (some('unknown')) return 'unknown';
  return some('pending') ? 'open' : 'done';
}

function titleOf(intents: readonly IntentView[]): string {
  const counted = KINDS.map((kind) => {
    const all = intents.filter((intent) => intent.kind === kind);
    return { kind, count: kind === 'start' ? all.reduce((sum, one) => sum + one.count, 0) : all.length };
  });
  return counted
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${kind === 'undrain' ? 'put back' : kind} ${count}`)
    .join(', ');
}

/** How a call ended, in words. */
export function outcomeInWords({ outcome, settledBy }: Pick<IntentView, 'outcome' | 'settledBy'>): string {
  switch (outcome) {
    case 'pending':
      return 'sent, no answer yet';
    case 'unknown':
      return 'result unknown, to be read from the back end';
    case 'done':
      return settledBy === 'reading'
        ? 'done, found by reading'
        : settledBy === 'person'
          ? 'done, said by a person'
          : 'done';
    case 'partly-done':
      return 'done in part, found by reading';
    case 'not-done':
      return settledBy === 'reading' ? 'not done, found by reading' : 'not done';
    case 'failed':
      return 'refused';
  }
}
