import type { LoggedCall } from './call-log.ts';

/** What the runner recorded before it called: nothing may happen that it did not intend, nor more than it intended. */
export interface RecordedIntent {
  readonly token: string;
  readonly kind: 'start' | 'drain' | 'terminate' | 'undrain';
  /** Machines to start; for the other kinds the ids say it. */
  readonly count: number;
  readonly instanceIds: readonly string[];
  /** Whether the runner holds that it took full effect. */
  readonly done: boolean;
}

export interface ClusterLimits {
  readonly floor: number;
  readonly max: number;
}

export interface Finding {
  readonly clusterId: string | null;
  readonly instanceId: string | null;
  readonly token: string | null;
  /** `null` for what is missing from the log. */
  readonly callId: bigint | null;
  readonly why: string;
}

export interface Verdict {
  /** How many calls were judged, and how many of them changed the world: a log without any proves nothing. */
  readonly calls: number;
  readonly effects: number;
  /** Something happened twice, or oftener than was intended. */
  readonly duplicates: readonly Finding[];
  /** The runner holds that something happened which did not. */
  readonly losses: readonly Finding[];
  /** A call took a machine out of service that the floor needed. */
  readonly breaches: readonly Finding[];
  /** Below the floor only because the world took machines away within `FACTS_MS` before the call. No breach. */
  readonly excused: readonly Finding[];
  /** A call started a machine beyond the maximum. */
  readonly ceilingBreaches: readonly Finding[];
  readonly callsWithoutIntent: readonly Finding[];
  /** A call changed the world after its deadline. */
  readonly lateEffects: readonly Finding[];
}

/** How old the facts may be by which a machine is taken out of service. */
export const FACTS_MS = 10_000;

/**
 * Judges a run by the simulator's call log alone. `calls` are all calls of an environment in the order of the log.
 * Machines in service are those started and healthy, as the world knows it; how long they have been healthy is left
 * out, so a runner that keeps to a minimum health time is judged no harder than one that does not.
 * Clusters without limits are not judged by floor and maximum.
 */
export function judge(
  calls: readonly LoggedCall[],
  limits: ReadonlyMap<string, ClusterLimits>,
  intents: readonly RecordedIntent[],
): Verdict {
  const effects = calls.filter((call) => call.effect);
  const undercuts = effects.filter((call) => takesCapacity(call) && call.inService - 1 < floorOf(call));
  return {
    calls: calls.length,
    effects: effects.length,
    duplicates: [...repeatedEffects(effects), ...excessOverIntents(effects, intents)],
    losses: intents.filter((intent) => intent.done).flatMap((intent) => missingFrom(calls, intent)),
    breaches: undercuts.filter((call) => !isExcused(call, floorOf(call))).map(belowFloor),
    excused: undercuts.filter((call) => isExcused(call, floorOf(call))).map(belowFloor),
    ceilingBreaches: effects
      .filter((call) => call.operation === 'provision' && call.detail.size + 1 > (limitsOf(call)?.max ?? Infinity))
      .map((call) => finding(call, `size ${call.detail.size} before the start, maximum ${limitsOf(call)?.max}`)),
    callsWithoutIntent: withoutIntent(calls, intents),
    lateEffects: effects
      .filter((call) => call.detail.deadline !== null && call.at > call.detail.deadline)
      .map((call) => finding(call, `took effect ${call.at - (call.detail.deadline ?? 0)} ms after its deadline`)),
  };

  function limitsOf(call: LoggedCall): ClusterLimits | undefined {
    return call.clusterId === null ? undefined : limits.get(call.clusterId);
  }

  function floorOf(call: LoggedCall): number {
    return limitsOf(call)?.floor ?? -Infinity;
  }

  function belowFloor(call: LoggedCall): Finding {
    return finding(call, `${call.operation} of one of ${call.inService} in service, floor ${floorOf(call)}`);
  }
}

/** Capacity leaves when a machine in service is drained or destroyed. */
function takesCapacity(call: LoggedCall): boolean {
  return (call.operation === 'drain' || call.operation === 'destroy') && call.detail.machine?.inService === true;
}

function isExcused(call: LoggedCall, floor: number): boolean {
  const lost = call.detail.lossesAt.filter((lostAt) => lostAt >= call.at - FACTS_MS).length;
  return call.inService + lost - 1 >= floor;
}

/** A machine is provisioned once, destroyed once, and drained once between two undrains. */
function repeatedEffects(effects: readonly LoggedCall[]): Finding[] {
  const seen = new Set<string>();
  return effects.flatMap((call) => {
    if (call.operation === 'label' || call.operation === 'configure') return [];
    if (call.operation === 'drain') seen.delete(`undrain ${call.instanceId}`);
    if (call.operation === 'undrain') seen.delete(`drain ${call.instanceId}`);
    const what = `${call.operation} ${call.operation === 'provision' ? (call.detail.logicalId ?? call.id) : call.instanceId}`;
    if (seen.has(what)) return [finding(call, `second ${what}`)];
    seen.add(what);
    return [];
  });
}

function excessOverIntents(effects: readonly LoggedCall[], intents: readonly RecordedIntent[]): Finding[] {
  return intents.flatMap((intent) => {
    const done = effects.filter((call) => call.token === intent.token && call.operation === OPERATION[intent.kind]);
    const excess =
      intent.kind === 'start'
        ? done.slice(intent.count)
        : done.filter((call) => call.instanceId === null || !intent.instanceIds.includes(call.instanceId));
    return excess.map((call) => finding(call, `beyond what ${intent.token} intended`));
  });
}

/** A start must have had effect for each machine; the others must at least have arrived, for a machine may have gone. */
function missingFrom(calls: readonly LoggedCall[], intent: RecordedIntent): Finding[] {
  const arrived = calls.filter(
    (call) =>
      call.token === intent.token &&
      call.operation === OPERATION[intent.kind] &&
      call.answer !== 'throttled' &&
      call.answer !== 'refused',
  );
  if (intent.kind === 'start') {
    const started = arrived.filter((call) => call.effect).length;
    return Array.from({ length: Math.max(0, intent.count - started) }, () =>
      missing(intent, null, `${started} of ${intent.count} machines were started`),
    );
  }
  return intent.instanceIds
    .filter((id) => !arrived.some((call) => call.instanceId === id))
    .map((id) => missing(intent, id, `${intent.kind} never arrived`));
}

function withoutIntent(calls: readonly LoggedCall[], intents: readonly RecordedIntent[]): Finding[] {
  const tokens = new Set(intents.map((intent) => intent.token));
  return calls
    .filter(({ operation }) => operation !== 'label' && operation !== 'configure')
    .filter((call) => call.token === null || !tokens.has(call.token))
    .map((call) => finding(call, `${call.operation} that nobody intended`));
}

const OPERATION = {
  start: 'provision',
  drain: 'drain',
  terminate: 'destroy',
  undrain: 'undrain',
} as const satisfies Record<RecordedIntent['kind'], LoggedCall['operation']>;

function finding(call: LoggedCall, why: string): Finding {
  return { clusterId: call.clusterId, instanceId: call.instanceId, token: call.token, callId: call.id, why };
}

function missing(intent: RecordedIntent, instanceId: string | null, why: string): Finding {
  return { clusterId: null, instanceId, token: intent.token, callId: null, why };
}
