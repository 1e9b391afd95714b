import { healthMarks, phaseLooks } from '@/components/chart/session-gantt-looks';
import type { LogTick } from '@/components/chart/session-gantt-view';
import { formatBrief } from '@/components/session/session-time';
import { formatTimer } from '@/components/ui/duration';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { TimelineRow } from '@/server/domain/session/timeline';

interface SessionGanttTableProps {
  caption: string;
  rows: readonly TimelineRow[];
  ticks: readonly LogTick[];
  submittedAt: number;
  /** Where what goes on ends for now. */
  until: number;
}

interface Line {
  readonly component: string;
  readonly of: string;
  readonly what: string;
  readonly from: number;
  /** Null = it goes on. */
  readonly to: number | null;
  readonly text: string;
}

/** The same as the picture: a line for each phase, health and serious log line, by component. */
export function SessionGanttTable({ caption, rows, ticks, submittedAt, until }: SessionGanttTableProps) {
  return (
    <section
      aria-label={`${caption}, table`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      className="max-h-100 overflow-y-auto focus-visible:-outline-offset-2"
    >
      <Table caption={caption}>
        <TableHead>
          <Column>Component</Column>
          <Column>Of</Column>
          <Column>What</Column>
          <Column numeric>From</Column>
          <Column numeric>To</Column>
          <Column numeric>Took</Column>
          <Column>Reason or text</Column>
        </TableHead>
        <TableBody>
          {rows.flatMap((row) =>
            linesOf(row, ticks).map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two log lines may be alike in all else
              <Row key={`${line.component} ${index}`}>
                <RowHeader>{line.component}</RowHeader>
                <Cell label="of">{line.of}</Cell>
                <Cell label="what">{line.what}</Cell>
                <Cell label="from" numeric>
                  {formatBrief(line.from - submittedAt)}
                </Cell>
                <Cell label="to" numeric>
                  {line.to === null ? 'goes on' : formatBrief(line.to - submittedAt)}
                </Cell>
                <Cell label="took" numeric>
                  {line.of === 'log' ? '' : formatTimer((line.to ?? until) - line.from)}
                </Cell>
                <Cell label="text" wide>
                  {line.text}
                </Cell>
              </Row>
            )),
          )}
        </TableBody>
      </Table>
    </section>
  );
}

function linesOf({ component, phases, healths }: TimelineRow, ticks: readonly LogTick[]): readonly Line[] {
  return [
    ...phases.map(({ phase, from, to }) => {
      const what = `${phaseLooks[phase].letter} ${phase}`;
      return { component, of: 'phase', what, from, to, text: '' };
    }),
    ...healths.map(({ health, from, to, reason }) => {
      return { component, of: 'health', what: healthMarks[health].word, from, to, text: reason };
    }),
    ...ticks
      .filter((tick) => tick.component === component)
      .map(({ at, level, text }) => ({ component, of: 'log', what: level, from: at, to: at, text })),
  ];
}
