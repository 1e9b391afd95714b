import type { NamedWaves } from '@/components/plan/waves';
import type { PlanBody } from '@/server/domain/approval/plan';
import type { Instance } from '@/server/domain/cluster/cluster';
import type { DecisionKind } from '@/server/domain/cycle/explain';

/** One instance of a plan with what becomes of it. */
export interface DecisionRow {
  readonly id: string;
  readonly kind: DecisionKind;
  /** The wave it goes in, where it goes in one. */
  readonly wave: string | null;
  readonly reason: string;
  readonly instance: Instance;
  readonly outdated: boolean;
  /** How its configuration is called, or the beginning of its fingerprint. */
  readonly version: string;
}

export const decisionKinds = [
  'replace',
  'scale-in',
  'finish',
  'wait',
  'skip',
  'keep',
] as const satisfies readonly DecisionKind[];

/** Those that go first at the front, then the others by decision; within one, the order of the cluster. */
export function decisionRows(body: PlanBody, waves: NamedWaves): DecisionRow[] {
  const { cluster, explanation, versions } = body;
  const instances = new Map(cluster.instances.map((instance) => [instance.id, instance]));
  const order = [...waves.byInstance.keys()];
  const place = new Map(order.map((id, index) => [id, index]));
  const rows = explanation.decisions.flatMap((decision): DecisionRow[] => {
    const instance = instances.get(decision.instanceId);
    if (instance === undefined) return [];
    const { id, config } = instance;
    return [
      {
        id,
        kind: decision.kind,
        wave: waves.byInstance.get(id) ?? null,
        reason: decision.reason,
        instance,
        outdated: config !== cluster.config,
        version: versions[config] === undefined ? config.slice(0, 7) : `v${versions[config]}`,
      },
    ];
  });
  const rank = (row: DecisionRow) => decisionKinds.indexOf(row.kind);
  return rows.sort(
    (a, b) => rank(a) - rank(b) || (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length),
  );
}

/** How many instances each decision concerns; those that concern none are left out. */
export function decisionCounts(rows: readonly DecisionRow[]): { kind: DecisionKind; count: number }[] {
  return decisionKinds
    .map((kind) => ({ kind, count: rows.filter((row) => row.kind === kind).length }))
    .filter(({ count }) => count > 0);
}

/** The rows as a file for other programs. */
export function decisionsCsv(rows: readonly DecisionRow[]): string {
  const lines = rows.map(({ id, instance, version, outdated, kind, wave, reason }) =>
    [id, instance.state, version, String(outdated), kind, wave ?? '', reason].map(csvField).join(','),
  );
  return ['instance,state,version,outdated,decision,wave,reason', ...lines, ''].join('\n');
}

export function decisionsJson(rows: readonly DecisionRow[]): string {
  const members = rows.map(({ id, instance, version, outdated, kind, wave, reason }) => ({
    instance: id,
    state: instance.state,
    version,
    outdated,
    decision: kind,
    wave,
    reason,
  }));
  return `${JSON.stringify(members, null, 2)}\n`;
}

/** A spreadsheet would run a field that begins like a formula. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
