import { capacityLayers } from '@/components/chart/capacity-layers';
import { type CapacitySeries, sizeOf } from '@/components/chart/capacity-series';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { formatDay, formatSecond } from '@/components/ui/zoned-time';
import type { CapacityPoint } from '@/server/domain/cycle/capacity';

interface CapacityTableProps {
  caption: string;
  series: CapacitySeries;
  zone: string;
}

/** The same as the picture: a row for each change. */
export function CapacityTable({ caption, series, zone }: CapacityTableProps) {
  const rows = [
    ...series.past.map((point) => ({ point, kind: 'observed' })),
    ...series.forecast.map((point) => ({ point, kind: 'expected' })),
  ];
  return (
    <section
      aria-label={`${caption}, table`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      className="max-h-100 overflow-y-auto focus-visible:-outline-offset-2"
    >
      <Table caption={caption}>
        <TableHead>
          <Column>Time</Column>
          <Column>Kind</Column>
          <Column numeric>In service</Column>
          <Column numeric>Size</Column>
          {capacityLayers.map((layer) => (
            <Column key={layer.name} numeric>
              {layer.letter} {layer.word}
            </Column>
          ))}
        </TableHead>
        <TableBody>
          {rows.map(({ point, kind }) => (
            <Row key={`${point.at} ${kind}`}>
              <RowHeader>{moment(point, series, zone)}</RowHeader>
              <Cell label="kind">{kind}</Cell>
              <Cell label="in service" numeric>
                {point.inService}
              </Cell>
              <Cell label="size" numeric>
                {sizeOf(point)}
              </Cell>
              {capacityLayers.map((layer) => (
                <Cell key={layer.name} label={layer.name} numeric>
                  {layer.value(point)}
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </Table>
    </section>
  );
}

function moment(point: CapacityPoint, series: CapacitySeries, zone: string): string {
  const oneDay = formatDay(series.from, zone) === formatDay(series.to, zone);
  return oneDay ? formatSecond(point.at, zone) : `${formatDay(point.at, zone)} ${formatSecond(point.at, zone)}`;
}
