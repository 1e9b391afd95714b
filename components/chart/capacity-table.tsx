import { capacityLayers } from '@/components/chart/capacity-layers';
import { type CapacityRow, capacityRows } from '@/components/chart/capacity-rows';
import { type CapacityPicture, type CapacitySeries, sizeOf } from '@/components/chart/capacity-series';
import { TwinTable } from '@/components/chart/twin-table';
import { Cell, Column, RowHeader } from '@/components/ui/table';
import { formatDay, formatSecond } from '@/components/ui/zoned-time';

interface CapacityTableProps {
  caption: string;
  picture: CapacityPicture;
  zone: string;
}

/** The same as the picture: a row for each change, and above them the lines that never change. */
export function CapacityTable({ caption, picture, zone }: CapacityTableProps) {
  const { series, approved, limits, marks } = picture;
  return (
    <>
      <p className="border-b border-line px-4 py-2 text-12 text-ink-2">
        Floor {limits.floor}, target {limits.target} and max {limits.max} all the time.
      </p>
      <TwinTable
        caption={caption}
        head={
          <>
            <Column>Time</Column>
            <Column>Kind</Column>
            <Column numeric>In service</Column>
            {approved.length > 0 && <Column numeric>As approved</Column>}
            <Column numeric>Size</Column>
            {capacityLayers.map((layer) => (
              <Column key={layer.name} numeric>
                {layer.letter} {layer.word}
              </Column>
            ))}
            {marks.length > 0 && <Column>Mark</Column>}
          </>
        }
        rows={capacityRows(picture)}
        idOf={rowId}
      >
        {(row) => (
          <>
            <RowHeader className="whitespace-nowrap">{moment(row.at, series, zone)}</RowHeader>
            <Cell label="kind">{row.kind}</Cell>
            <Cell label="in service" numeric>
              {row.point?.inService}
            </Cell>
            {approved.length > 0 && (
              <Cell label="approved" numeric>
                {row.approved}
              </Cell>
            )}
            <Cell label="size" numeric>
              {row.point && sizeOf(row.point)}
            </Cell>
            {capacityLayers.map((layer) => (
              <Cell key={layer.name} label={layer.name} numeric>
                {row.point && layer.value(row.point)}
              </Cell>
            ))}
            {marks.length > 0 && (
              <Cell label="mark" className="whitespace-nowrap">
                {row.marks}
              </Cell>
            )}
          </>
        )}
      </TwinTable>
    </>
  );
}

function rowId({ at, kind }: CapacityRow): string {
  return `${at} ${kind}`;
}

function moment(at: number, { from, to }: CapacitySeries, zone: string): string {
  const oneDay = formatDay(from, zone) === formatDay(to, zone);
  return oneDay ? formatSecond(at, zone) : `${formatDay(at, zone)} ${formatSecond(at, zone)}`;
}
