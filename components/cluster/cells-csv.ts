import type { InstanceCell } from '../../server/contract/instance.ts';
import { quoted } from '../chart/csv.ts';

/** The grid of instances as a table for other programs; what is not known is empty. */
export function cellsCsv(cells: readonly InstanceCell[]): string {
  const head = 'id,state,health,outdated,protection,closed,zone,version';
  const rows = cells.map(({ id, state, health, outdated, protection, closed, zone, version }) =>
    [id, state, health ?? '', outdated, protection ?? '', closed, zone ?? '', version ?? '']
      .map((value) => quoted(String(value)))
      .join(','),
  );
  return `${[head, ...rows].join('\n')}\n`;
}
