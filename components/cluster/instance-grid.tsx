'use client';

import { clsx } from 'clsx';
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { downloadText } from '@/components/chart/download';
import { readColours } from '@/components/chart/swimlane-looks';
import { pictureSvg } from '@/components/chart/swimlane-svg';
import { TwinTable } from '@/components/chart/twin-table';
import { useWidth } from '@/components/chart/use-width';
import {
  type CellGrouping,
  type CellLayout,
  cellAt,
  cellBeside,
  cellGroups,
  cornerOf,
  DENSE,
  layOut,
  NAMED,
} from '@/components/cluster/cell-layout';
import { CellTiles } from '@/components/cluster/cell-tiles';
import { cellsCsv } from '@/components/cluster/cells-csv';
import { plural } from '@/components/cluster/cluster-sentence';
import { drawCells } from '@/components/cluster/draw-cells';
import { InstanceFlags } from '@/components/cluster/instance-flags';
import { instanceKind, instanceKinds, instanceLook } from '@/components/cluster/instance-look';
import { shortIds } from '@/components/cluster/short-ids';
import { StateLegend } from '@/components/cluster/state-bar';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { Cell, Column, RowHeader } from '@/components/ui/table';
import { TextButton } from '@/components/ui/text-link';
import type { InstanceCell } from '@/server/contract/instance.ts';

/** Above this many, names are hidden, and a line says so. */
const NAMES_UP_TO = 200;

const TITLE = 'Grid of instances';

const NO_NAMES: ReadonlyMap<string, string> = new Map();

interface InstanceGridProps {
  clusterName: string;
  cells: readonly InstanceCell[];
  grouping: CellGrouping;
  onGrouping: (grouping: CellGrouping) => void;
  selected: string | null;
  onSelect: (id: string | null) => void;
}

/** Every instance as a cell: letter, shape and colour say its state. Its twin is a table with a row for each. */
export function InstanceGrid({ clusterName, cells, grouping, onGrouping, selected, onSelect }: InstanceGridProps) {
  const summaryId = useId();
  const box = useRef<HTMLDivElement>(null);
  const { ref, width } = useWidth<HTMLDivElement>(1_100);
  const [wantsNames, setWantsNames] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const isDense = cells.length > NAMES_UP_TO && !wantsNames;
  const layout = useMemo(
    () => layOut(cellGroups(cells, grouping), width, isDense ? DENSE : NAMED),
    [cells, grouping, width, isDense],
  );
  const names = useMemo(() => (isDense ? NO_NAMES : shortIds(layout.cells.map(({ id }) => id))), [layout, isDense]);
  const kinds = new Set(cells.map(instanceKind));
  const fileName = `${clusterName}-instances`;
  const takeSvg = () => {
    if (box.current === null) return;
    const svg = pictureSvg(layout, readColours(box.current), (pen, looks) =>
      drawCells(pen, layout, names, looks, { top: 0, bottom: layout.height }),
    );
    downloadText(`${fileName}.svg`, 'image/svg+xml', svg);
  };
  return (
    <Panel
      title={TITLE}
      note={plural(cells.length, 'cell')}
      aside={
        <>
          <Segmented
            label="Group cells by"
            options={[
              { value: 'none', label: 'Ungrouped' },
              { value: 'zone', label: 'Zone' },
              { value: 'state', label: 'State' },
              { value: 'version', label: 'Version' },
            ]}
            value={grouping}
            onChange={onGrouping}
          />
          <TextButton aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? 'View as picture' : 'View as table'}
          </TextButton>
          {!asTable && (
            <TextButton aria-label={`Download ${TITLE} as SVG`} onClick={takeSvg}>
              SVG
            </TextButton>
          )}
          <TextButton
            aria-label={`Download ${TITLE} as CSV`}
            onClick={() => downloadText(`${fileName}.csv`, 'text/csv', cellsCsv(layout.cells))}
          >
            CSV
          </TextButton>
        </>
      }
      footer={
        <>
          <StateLegend kinds={instanceKinds.filter((kind) => kinds.has(kind))} />
          {cells.length > NAMES_UP_TO && (
            <span className="ml-auto">
              {isDense && `${plural(cells.length, 'instance')}: names are hidden above ${NAMES_UP_TO}. `}
              <TextButton onClick={() => setWantsNames(!wantsNames)}>
                {isDense ? 'Show names' : 'Hide names'}
              </TextButton>
            </span>
          )}
        </>
      }
    >
      <p id={summaryId} className="sr-only">
        {summaryOf(cells)}
      </p>
      <div ref={ref}>
        {asTable ? (
          <div className="-mx-4">
            <CellTable cells={layout.cells} />
          </div>
        ) : (
          <div ref={box} className="relative" style={{ height: layout.height + 1 }}>
            <CellTiles layout={layout} names={names} box={box} />
            <CellCursor
              layout={layout}
              summaryId={summaryId}
              selected={selected}
              onSelect={(id) => onSelect(id === selected ? null : id)}
            />
          </div>
        )}
      </div>
    </Panel>
  );
}

interface CellCursorProps {
  layout: CellLayout;
  summaryId: string;
  selected: string | null;
  onSelect: (id: string) => void;
}

/** What points to a cell, by pointer or by keyboard, and says in words which. */
function CellCursor({ layout, summaryId, selected, onSelect }: CellCursorProps) {
  const place = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const indexes = useMemo(() => new Map(layout.cells.map((cell, index) => [cell.id, index])), [layout]);
  const indexOf = (id: string | null) => (id === null ? undefined : indexes.get(id));
  const at = indexOf(pointed) ?? indexOf(selected) ?? 0;
  const present = layout.cells[at];
  if (present === undefined) return null;

  const under = (event: Pick<PointerEvent, 'clientX' | 'clientY' | 'currentTarget'>) => {
    const edge = event.currentTarget.getBoundingClientRect();
    const index = cellAt(layout, event.clientX - edge.left, event.clientY - edge.top);
    return index === null ? undefined : layout.cells[index];
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(present.id);
      return;
    }
    const next = cellBeside(layout, at, event.key);
    const cell = next === null ? undefined : layout.cells[next];
    if (cell === undefined) return;
    event.preventDefault();
    setPointed(cell.id);
    requestAnimationFrame(() => place.current?.scrollIntoView({ block: 'nearest' }));
  };
  const words = cellInWords(present);
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`Cell in ${TITLE}`}
      aria-describedby={summaryId}
      aria-valuemin={1}
      aria-valuemax={layout.cells.length}
      aria-valuenow={at + 1}
      aria-valuetext={words}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => setPointed(under(event)?.id ?? null)}
      onPointerLeave={() => setPointed(null)}
      onClick={(event) => {
        const cell = under(event);
        if (cell !== undefined) onSelect(cell.id);
      }}
      className="group/cells absolute inset-0 outline-none"
    >
      {selected !== null && indexOf(selected) !== undefined && (
        <Mark layout={layout} index={indexOf(selected) ?? 0} className="outline-2 outline-accent" />
      )}
      <Mark
        ref={place}
        layout={layout}
        index={at}
        className={clsx(
          'outline-2 outline-ink',
          pointed === null ? 'invisible group-focus-visible/cells:visible' : 'visible',
        )}
      >
        {pointed !== null && <Readout layout={layout} index={at} words={words} />}
      </Mark>
    </div>
  );
}

interface MarkProps {
  ref?: Ref<HTMLDivElement>;
  layout: CellLayout;
  index: number;
  className: string;
  children?: ReactNode;
}

function Mark({ ref, layout, index, className, children }: MarkProps) {
  const { x, y } = cornerOf(layout, index);
  return (
    <div
      ref={ref}
      className={clsx('pointer-events-none absolute scroll-my-20 rounded-[2px] outline-offset-1', className)}
      style={{ left: x, top: y, width: layout.size.width, height: layout.size.height }}
    >
      {children}
    </div>
  );
}

/** Above the cell, and below it where there is no room; it never leaves the picture. */
function Readout({ layout, index, words }: { layout: CellLayout; index: number; words: string }) {
  const { x, y } = cornerOf(layout, index);
  return (
    <span
      aria-hidden="true"
      className={clsx(
        'absolute z-10 w-max max-w-80 rounded-control border border-line bg-panel px-2 py-1 text-12 shadow-float',
        y > 40 ? 'bottom-full mb-1.5' : 'top-full mt-1.5',
        x > layout.width / 2 ? 'right-0' : 'left-0',
      )}
    >
      {words}
    </span>
  );
}

function cellInWords(cell: InstanceCell): string {
  return [
    cell.id,
    instanceLook[instanceKind(cell)].word,
    cell.outdated && instanceKind(cell) !== 'startedOld' && 'outdated',
    cell.health === 'unknown' && 'health unknown',
    cell.protection,
    cell.closed && 'closed to new work',
    cell.zone,
    cell.version !== null && `v${cell.version}`,
  ]
    .filter((part) => typeof part === 'string')
    .join(', ');
}

function summaryOf(cells: readonly InstanceCell[]): string {
  const counts = countsOf(cells);
  const parts = instanceKinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${instanceLook[kind].word}`);
  return `${plural(cells.length, 'instance')}: ${parts.join('; ')}. The arrow keys go from cell to cell, Enter opens one.`;
}

function countsOf(cells: readonly InstanceCell[]) {
  const counts = { startedNew: 0, startedOld: 0, unhealthy: 0, starting: 0, draining: 0, drained: 0, terminating: 0 };
  for (const cell of cells) counts[instanceKind(cell)] += 1;
  return counts;
}

/** The twin of the picture: a row for each cell, in the same order. What cells are grouped by is a column in any case. */
function CellTable({ cells }: { cells: readonly InstanceCell[] }) {
  return (
    <TwinTable
      caption={TITLE}
      head={
        <>
          <Column>Instance</Column>
          <Column>State</Column>
          <Column>Zone</Column>
          <Column>Version</Column>
          <Column>Flags</Column>
        </>
      }
      rows={cells}
      idOf={({ id }) => id}
    >
      {(cell) => (
        <>
          <RowHeader className="font-mono text-12 tracking-tight whitespace-nowrap">{cell.id}</RowHeader>
          <Cell label="State">{instanceLook[instanceKind(cell)].word}</Cell>
          <Cell label="Zone" className="text-ink-2">
            {cell.zone ?? '–'}
          </Cell>
          <Cell label="Version">{cell.version === null ? '–' : `v${cell.version}`}</Cell>
          <Cell wide>
            <InstanceFlags instance={cell} outdated={cell.outdated} />
          </Cell>
        </>
      )}
    </TwinTable>
  );
}
