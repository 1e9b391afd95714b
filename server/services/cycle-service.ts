import type { Page } from '../contract/cluster.ts';
import type { CycleRow, CycleView } from '../contract/cycle.ts';
import type { CycleHistoryView } from '../contract/cycle-history.ts';
import { hasRole, type Viewer } from '../contract/people.ts';
import {
  type AbortMode,
  CYCLE_ACTIONS,
  type CycleAction,
  type CycleState,
  stateAfter,
} from '../domain/cycle/cycle-state.ts';
import { DomainError } from '../domain/errors.ts';

export interface CycleListInput {
  readonly clusterId?: string;
  readonly environmentId?: string;
  /** The name of an environment; none or empty: all. */
  readonly environment?: string;
  readonly state?: string;
  readonly q: string;
  readonly cursor?: string | null;
  readonly limit: number;
}

/** A cycle as the store shows it; what the viewer may do is added here. */
export type StoredCycleView = Omit<CycleView, 'actions'>;

export interface CycleQueries {
  list(input: CycleListInput): Promise<Page<CycleRow>>;
  byId(cycleId: string): Promise<StoredCycleView>;
  /** Its state, and whether it has sent a call. */
  standing(cycleId: string): Promise<{ readonly state: CycleState; readonly hasBegun: boolean }>;
  history(cycleId: string): Promise<CycleHistoryView>;
}

export interface CycleCommand {
  readonly cycleId: string;
  readonly actor: Viewer;
  readonly requestId: string;
}

/** What a person orders. Each answers false, and writes nothing, where the cycle is no longer in the state `from`. */
export interface CycleCommands {
  change(
    command: CycleCommand & {
      readonly from: CycleState;
      readonly to: CycleState;
      readonly action: CycleAction;
      readonly abortMode: AbortMode | null;
    },
  ): Promise<boolean>;
  onInstance(
    command: CycleCommand & {
      readonly from: CycleState;
      readonly instanceId: string;
      readonly action: InstanceAction;
      readonly byMs: number;
    },
  ): Promise<boolean>;
}

export type InstanceAction = Extract<CycleAction, 'retry-instance' | 'skip-instance' | 'extend-drain' | 'force-drain'>;

export class CycleService {
  readonly #queries: CycleQueries;
  readonly #commands: CycleCommands;

  constructor(queries: CycleQueries, commands: CycleCommands) {
    this.#queries = queries;
    this.#commands = commands;
  }

  list(input: CycleListInput): Promise<Page<CycleRow>> {
    return this.#queries.list(input);
  }

  async byId(cycleId: string, viewer: Viewer): Promise<CycleView> {
    const view = await this.#queries.byId(cycleId);
    const table = CYCLE_ACTIONS[view.state];
    if (hasRole(viewer.role, 'operator')) return { ...view, actions: table };
    const actions = { ...table };
    for (const action of keysOf(table)) actions[action] = 'needs the role operator';
    return { ...view, actions };
  }

  history(cycleId: string): Promise<CycleHistoryView> {
    return this.#queries.history(cycleId);
  }

  /** Pause, resume, abort, give up. It is in effect when the runner has seen it: within one turn. */
  async act(
    cycleId: string,
    action: Exclude<CycleAction, InstanceAction>,
    actor: Viewer,
    requestId: string,
  ): Promise<void> {
    const abortMode = ABORT_MODES[action];
    await this.#try(cycleId, action, (from, hasBegun) => {
      const to = stateAfter(from, action, hasBegun);
      return this.#commands.change({ cycleId, actor, requestId, from, to, action, abortMode });
    });
  }

  async onInstance(
    cycleId: string,
    instanceId: string,
    action: InstanceAction,
    actor: Viewer,
    requestId: string,
    byMs = 0,
  ): Promise<void> {
    await this.#try(cycleId, action, (from) =>
      this.#commands.onInstance({ cycleId, actor, requestId, from, instanceId, action, byMs }),
    );
  }

  /** The runner may change the state between the look and the order; then the table is asked once more. */
  async #try(
    cycleId: string,
    action: CycleAction,
    order: (from: CycleState, hasBegun: boolean) => Promise<boolean>,
  ): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const { state, hasBegun } = await this.#queries.standing(cycleId);
      const allowed = CYCLE_ACTIONS[state][action];
      if (allowed !== true) throw new DomainError('CYCLE_STATE', { cycleId, state, action, why: allowed });
      if (await order(state, hasBegun)) return;
    }
    throw new DomainError('CONFLICT', { kind: 'cycle', id: cycleId, message: 'its state kept changing; look again' });
  }
}

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table) as K[];
}

const ABORT_MODES: Record<Exclude<CycleAction, InstanceAction>, AbortMode | null> = {
  pause: null,
  resume: null,
  abort: 'finish-in-flight',
  'stop-now': 'stop-now',
  'end-as-failed': 'give-up',
};
