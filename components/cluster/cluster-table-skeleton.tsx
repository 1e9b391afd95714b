import { ClusterTableHead } from '@/components/cluster/cluster-table-head';
import { Skeleton } from '@/components/ui/skeleton';
import { Cell, Row, RowHeader, Table, TableBody } from '@/components/ui/table';

/** The table while its rows are on the way, as tall as they will be. */
export function ClusterTableSkeleton({ rows }: { rows: number }) {
  return (
    <div role="status" aria-label="Loading clusters">
      <Table caption="Clusters" tall>
        <ClusterTableHead />
        <TableBody>
          {Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
            <Row key={row}>
              <RowHeader>
                <Skeleton className="w-28" />
              </RowHeader>
              <Cell>
                <Skeleton className="w-14" />
              </Cell>
              <Cell numeric>
                <Skeleton className="ml-auto w-20" />
              </Cell>
              <Cell wide className="min-w-52">
                <Skeleton className="h-4! w-full" />
              </Cell>
              <Cell numeric>
                <Skeleton className="ml-auto w-10" />
              </Cell>
              <Cell numeric>
                <Skeleton className="ml-auto w-8" />
              </Cell>
              <Cell wide>
                <Skeleton className="w-24" />
              </Cell>
              <Cell numeric wide>
                <Skeleton className="ml-auto w-14" />
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
