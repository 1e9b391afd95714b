import type { FleetPreviewRow, FleetPreviewView } from '@/server/contract/fleet-plan';

type Check = FleetPreviewRow['checks'][number];

/** A warning of one kind, with every cluster that has it. */
export interface WarningKind {
  readonly id: string;
  readonly clusters: readonly { readonly row: FleetPreviewRow; readonly check: Check }[];
}

/** Those that can be planned, and those that something blocks. */
export function parted(rows: readonly FleetPreviewRow[]): {
  readonly ready: readonly FleetPreviewRow[];
  readonly leftOut: readonly FleetPreviewRow[];
} {
  const isBlocked = (row: FleetPreviewRow) => row.checks.some((check) => check.level === 'blocker');
  return { ready: rows.filter((row) => !isBlocked(row)), leftOut: rows.filter(isBlocked) };
}

export function warningsOf(row: FleetPreviewRow): readonly Check[] {
  return row.checks.filter((check) => check.level === 'warning');
}

/** Every kind of warning once, the most frequent first. */
export function warningKinds(rows: readonly FleetPreviewRow[]): WarningKind[] {
  const kinds = new Map<string, WarningKind['clusters']>();
  for (const row of rows) {
    for (const check of warningsOf(row)) kinds.set(check.id, [...(kinds.get(check.id) ?? []), { row, check }]);
  }
  return [...kinds]
    .map(([id, clusters]) => ({ id, clusters }))
    .sort((a, b) => b.clusters.length - a.clusters.length || (a.id < b.id ? -1 : 1));
}

export interface FleetTotals {
  readonly clusters: number;
  readonly instances: number;
  readonly terminations: number;
  readonly waves: number;
  /** The environments work beside each other, so the longest of them. */
  readonly durationMs: { readonly p50: number; readonly p90: number };
  /** The cluster that comes nearest to its floor; null where none is planned. */
  readonly nearest: FleetPreviewRow | null;
}

/** What all plans together do. */
export function fleetTotals(
  ready: readonly FleetPreviewRow[],
  environments: FleetPreviewView['environments'],
): FleetTotals {
  const sum = (of: (row: FleetPreviewRow) => number) => ready.reduce((total, row) => total + of(row), 0);
  const longest = (key: 'p50' | 'p90') => Math.max(0, ...environments.map((one) => one.durationMs[key]));
  return {
    clusters: ready.length,
    instances: sum((row) => row.instances),
    terminations: sum((row) => row.terminations),
    waves: sum((row) => row.waves),
    durationMs: { p50: longest('p50'), p90: longest('p90') },
    nearest: ready.reduce<FleetPreviewRow | null>(
      (least, row) => (least === null || marginOf(row) < marginOf(least) ? row : least),
      null,
    ),
  };
}

/** How many more than the floor stay in service at the worst moment. */
export function marginOf({ lowest, floor }: FleetPreviewRow): number {
  return lowest - floor;
}

/** "2 above it", of the floor. */
export function marginWords(row: FleetPreviewRow): string {
  const margin = marginOf(row);
  if (margin === 0) return 'at it';
  return margin < 0 ? `${-margin} below it` : `${margin} above it`;
}
