import type { CycleView } from '../../server/contract/cycle.ts';
import type { AbortMode } from '../../server/domain/cycle/cycle-state.ts';
import { list } from '../../server/domain/cycle/progress.ts';

/** What happens and what remains when a cycle is aborted now, in sentences. */
export function abortOutcome(
  mode: AbortMode,
  { instances, samples }: Pick<CycleView, 'instances' | 'samples'>,
): string[] {
  const count = (...states: readonly string[]) =>
    instances.filter((one) => one.skipped === null && states.includes(one.state)).length;
  const starting = count('starting');
  const draining = count('draining', 'drained');
  const terminating = count('terminating');
  const last = samples.at(-1);
  const remain = (added: number) =>
    last === undefined
      ? []
      : [
          `Then ${last.startedNew + added} new and ${last.startedOld} old remain, ${last.inService + added} in service.`,
        ];
  if (mode === 'finish-in-flight') {
    return [
      'Nothing new begins.',
      ...(draining > 0
        ? [`${draining} that ${draining === 1 ? 'is' : 'are'} draining or drained will be terminated as planned.`]
        : []),
      ...(starting > 0
        ? [`${starting} that ${starting === 1 ? 'is' : 'are'} starting will be waited for and kept.`]
        : []),
      ...(terminating > 0 ? [`${terminating} ${terminating === 1 ? 'is' : 'are'} terminating already.`] : []),
      ...remain(starting),
    ];
  }
  return [
    'No further call is sent.',
    ...(draining > 0
      ? [
          `${draining} ${draining === 1 ? 'stays' : 'stay'} draining or drained, out of service, until somebody sees to ${draining === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...(starting > 0 ? [`${starting} that ${starting === 1 ? 'is' : 'are'} starting will start and stay.`] : []),
    ...(terminating > 0
      ? [`${terminating} ${terminating === 1 ? 'is' : 'are'} terminating already; that cannot be stopped.`]
      : []),
    ...remain(starting),
  ];
}

const UNDER_WAY = ['starting', 'draining', 'drained', 'terminating'] as const;

function inWork({ instances }: Pick<CycleView, 'instances'>, state: string): number {
  return instances.filter((one) => one.skipped === null && one.state === state).length;
}

/** How many are on their way now. */
export function inWorkCount(cycle: Pick<CycleView, 'instances'>): number {
  return UNDER_WAY.reduce((sum, state) => sum + inWork(cycle, state), 0);
}

/** What is on its way by what was last read: "1 starting and 2 draining." The last turn may be long ago. */
export function inWorkSentence(cycle: Pick<CycleView, 'instances'>): string {
  const parts = UNDER_WAY.map((state) => ({ state, count: inWork(cycle, state) })).filter(({ count }) => count > 0);
  if (parts.length === 0) return 'No instance is on its way.';
  return `${list(parts.map(({ state, count }) => `${count} ${state}`))}.`;
}
