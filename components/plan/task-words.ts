import type { HoldReason, Task } from '@/server/domain/cycle/task';

/** A task in words; the ids among them are set apart. */
export interface TaskWords {
  readonly verb: string;
  readonly ids: readonly string[];
  /** How many more than `ids`. */
  readonly others: number;
  readonly after: string;
}

const MOST_IDS = 3;

const holds = {
  bake: 'Let the canary bake',
  'minimum-health': 'Wait until it has been healthy for long enough:',
  'canary-unhealthy': 'Ask a person about the canary',
  protected: 'Wait for what is protected:',
  'drain-timeout': 'Ask a person about the drain of',
  floor: 'Hold: the floor leaves nothing to drain',
  ceiling: 'Hold: the ceiling leaves no room to start',
} satisfies Record<HoldReason, string>;

/** `version` is how the configuration of new instances is called, where that is known. */
export function taskWords(task: Task, version: string | null): TaskWords {
  switch (task.kind) {
    case 'start': {
      const what = `${task.count} ${task.count === 1 ? 'instance' : 'instances'}`;
      return { verb: `Start ${what}${version === null ? '' : `, ${version}`}`, ids: [], others: 0, after: '' };
    }
    case 'drain':
      return withIds('Drain', task.instanceIds, '');
    case 'terminate':
      return withIds('Terminate', task.instanceIds, '');
    case 'wait':
      return withIds('Wait until', task.instanceIds, `${task.instanceIds.length === 1 ? 'is' : 'are'} ${task.state}`);
    case 'hold':
      return withIds(holds[task.reason], task.instanceIds, '');
  }
}

function withIds(verb: string, all: readonly string[], after: string): TaskWords {
  const ids = all.length <= MOST_IDS + 1 ? all : all.slice(0, MOST_IDS);
  return { verb, ids, others: all.length - ids.length, after };
}
