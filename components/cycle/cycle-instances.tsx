'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { memo } from 'react';
import { WorkloadName } from '@/components/cluster/workload-name';
import { Deadline } from '@/components/cycle/deadline';
import {
  filterCounts,
  inFixedOrder,
  instanceFilters,
  needsAttention,
  placeOf,
} from '@/components/cycle/instance-filter';
import { InstanceStateBadge } from '@/components/cycle/instance-state';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Flag } from '@/components/ui/flag';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Segmented } from '@/components/ui/segmented';
import { Cell, Column, Row, RowHeader, Table, TableHead } from '@/components/ui/table';
import { TextButton } from '@/components/ui/text-link';
import { VirtualRows } from '@/components/ui/virtual-rows';
import type { VirtualRowProps } from '@/components/ui/windowed-rows';
import type { CycleInstanceView, CycleView } from '@/server/contract/cycle';

interface CycleInstancesProps {
  cycle: CycleView;
  /** Whether the cycle is shown as it once was. */
  past: boolean;
  selected: string | null;
  onSelect: (instanceId: string) => void;
}

/** As long as a row has not been measured. */
const ROW_PX = 33;

const labels = { all: 'All', 'in-work': 'In work', waiting: 'Waiting', done: 'Done', attention: 'Attention' };

/** Every instance that this cycle may touch or has started. */
export function CycleInstances({ cycle, past, selected, onSelect }: CycleInstancesProps) {
  const [filter, setFilter] = useQueryState('show', parseAsStringLiteral(instanceFilters).withDefault('all'));
  const { instances, reason, observedAt } = cycle;
  const counts = filterCounts(instances, reason);
  const shown = inFixedOrder(cycle).filter(
    (one) => filter === 'all' || (filter === 'attention' ? needsAttention(one, reason) : placeOf(one) === filter),
  );
  return (
    <Panel
      title="Instances"
      note={
        past
          ? 'as they were then'
          : observedAt !== null && (
              <>
                read <RelativeTime at={observedAt} />
              </>
            )
      }
      flush
      aside={
        <Segmented
          label="Which instances"
          options={instanceFilters.map((value) => ({ value, label: labels[value], count: counts[value] }))}
          value={filter}
          onChange={(value) => void setFilter(value)}
        />
      }
    >
      {shown.length === 0 ? (
        <EmptyState
          title={instances.length === 0 ? 'This cycle touches no instance' : `None of ${instances.length} is here`}
          actions={filter !== 'all' && <Button onClick={() => void setFilter('all')}>Show all</Button>}
        />
      ) : (
        <Table caption="Instances of this cycle">
          <TableHead>
            <Column>Instance</Column>
            <Column>State</Column>
            <Column>Part</Column>
            <Column numeric>Version</Column>
            <Column className="w-2/5">Now</Column>
          </TableHead>
          <VirtualRows rows={shown} idOf={instanceIdOf} estimate={ROW_PX}>
            {(instance, row) => (
              <InstanceRow
                {...row}
                instance={instance}
                selected={instance.instanceId === selected}
                onSelect={onSelect}
              />
            )}
          </VirtualRows>
        </Table>
      )}
    </Panel>
  );
}

function instanceIdOf({ instanceId }: CycleInstanceView): string {
  return instanceId;
}

interface InstanceRowProps extends VirtualRowProps {
  instance: CycleInstanceView;
  selected: boolean;
  onSelect: (instanceId: string) => void;
}

const InstanceRow = memo(function InstanceRow({ instance, selected, onSelect, ...row }: InstanceRowProps) {
  const { instanceId, version } = instance;
  return (
    <Row selected={selected} data-instance={instanceId} {...row}>
      <RowHeader className="phone:col-span-1!">
        <TextButton
          className="font-mono text-12 tracking-tight text-ink! hover:text-accent!"
          aria-pressed={selected}
          onClick={() => onSelect(instanceId)}
        >
          {instanceId}
        </TextButton>
      </RowHeader>
      <Cell>
        <InstanceStateBadge instance={instance} />
      </Cell>
      <Cell className="text-ink-2 phone:text-12">{partInWords(instance)}</Cell>
      <Cell numeric className="text-ink-2 phone:text-12">
        {version === null ? '–' : `v${version}`}
      </Cell>
      <Cell wide className="text-12">
        <InstanceNow instance={instance} />
      </Cell>
    </Row>
  );
});

/** What the plan wants of it, in a word. */
export function partInWords({ role, decision }: CycleInstanceView): string {
  if (role === 'started') return 'new';
  if (decision === 'scale-in') return 'scale in';
  return decision ?? 'left alone';
}

/** What is particular about it now: failures first, then what it waits for. Nothing where all is well. */
function InstanceNow({
  instance: { failures, skipped, forced, drainDeadline, blockers, health, state },
}: {
  instance: CycleInstanceView;
}) {
  const failure = failures.at(-1);
  const isForced = forced !== null && state !== 'gone';
  const nothing = failure === undefined && health !== 'unhealthy' && skipped === null && !isForced;
  if (nothing && drainDeadline === null && blockers.length === 0) return null;
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      {failure !== undefined && <Flag letter="!" word={failure.evidence} tone="bad" />}
      {health === 'unhealthy' && failure === undefined && <Flag letter="!" word="unhealthy" tone="bad" />}
      {skipped !== null && <Flag letter="K" word={`skipped by ${skipped.byName}`} />}
      {isForced && <Flag letter="F" word={`forced by ${forced.byName}`} tone="warn" />}
      {drainDeadline !== null && (
        <span className="whitespace-nowrap">
          deadline <Deadline at={drainDeadline} />
        </span>
      )}
      {blockers.length > 0 && (
        <span className="min-w-0 truncate text-ink-2" title={blockers.map((one) => one.name).join(', ')}>
          {blockers.length} in progress: {blockers[0] !== undefined && <WorkloadName workload={blockers[0]} />}
          {blockers.length > 1 && ', …'}
        </span>
      )}
    </span>
  );
}
