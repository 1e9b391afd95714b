import { Checkbox } from '@/components/ui/checkbox';
import { Column, type SortDirection, TableHead } from '@/components/ui/table';

export type ClusterColumn = 'name' | 'size' | 'outdated' | 'drift';

interface ClusterTableHeadProps {
  /** How the list is sorted by a column, and where it is sorted by it. */
  sortOf?: (column: ClusterColumn) => { direction: SortDirection | null; href: string };
  all?: { checked: boolean; mixed: boolean; onChange: () => void };
}

export function ClusterTableHead({ sortOf, all }: ClusterTableHeadProps) {
  return (
    <TableHead>
      <Column sort={sortOf?.('name')} className="w-[20%]" before={all && <Checkbox aria-label="Select all" {...all} />}>
        Cluster
      </Column>
      <Column>Back end</Column>
      <Column numeric>min / target / max</Column>
      <Column sort={sortOf?.('size')} className="w-[24%]">
        Instances by state
      </Column>
      <Column numeric sort={sortOf?.('outdated')}>
        Outdated
      </Column>
      <Column numeric sort={sortOf?.('drift')}>
        Drift
      </Column>
      <Column className="w-[16%]">Cycle</Column>
      <Column numeric className="min-w-28">
        Synced
      </Column>
    </TableHead>
  );
}
