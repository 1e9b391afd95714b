'use client';

import { clusterHref } from '@/components/cluster/cluster-href';
import { HealthBadge } from '@/components/session/session-badge';
import type { SessionCursor } from '@/components/session/session-cursor';
import { TaskMachine } from '@/components/session/task-machine-picture';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { Lasted } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextButton, TextLink } from '@/components/ui/text-link';
import type { ExecutionView, SessionView } from '@/server/contract/session';

interface SessionExecutionsProps {
  session: SessionView;
  /** Names of the components in the order of reading: the driver first. */
  names: readonly string[];
  cursor: SessionCursor;
}

/** Every component with its machine and how it is; the chosen one's life as a state machine. */
export function SessionExecutions({ session, names, cursor }: SessionExecutionsProps) {
  const chosen = session.executions.find(({ name }) => name === cursor.component);
  return (
    <>
      <Panel title="Executions" note={`${session.executions.length} of ${names.length}`} flush>
        <Table caption="Components and their executions">
          <TableHead>
            <Column>Component</Column>
            <Column>State</Column>
            <Column className="w-1/4">Health</Column>
            <Column>Machine</Column>
            <Column>Address</Column>
            <Column numeric>Ran</Column>
            <Column>Exit</Column>
            <Column numeric>Lines</Column>
          </TableHead>
          <TableBody>
            {names.map((name) => (
              <ComponentRow key={name} session={session} name={name} cursor={cursor} />
            ))}
          </TableBody>
        </Table>
      </Panel>
      {chosen === undefined ? (
        <Panel title={cursor.component} flush>
          <EmptyState title="Not started">
            {session.outcome === null
              ? 'Its execution begins when the components before it are ready.'
              : 'The session ended before its turn came.'}
          </EmptyState>
        </Panel>
      ) : (
        <TaskMachine key={chosen.id} execution={chosen} cursor={cursor} origin={session.createdAt} />
      )}
    </>
  );
}

function ComponentRow({ session, name, cursor }: { session: SessionView; name: string; cursor: SessionCursor }) {
  const spec = session.spec.components.find((component) => component.name === name);
  const machine = session.machines.find(({ component }) => component === name);
  const execution = session.executions.find((one) => one.name === name);
  const isChosen = cursor.component === name;
  return (
    <Row selected={isChosen}>
      <RowHeader className="whitespace-nowrap">
        <TextButton
          aria-pressed={isChosen}
          className="font-medium text-ink! hover:text-accent!"
          onClick={() => cursor.select(name)}
        >
          {name}
        </TextButton>
        <span className="ml-2 text-12 text-ink-3">{spec?.kind}</span>
      </RowHeader>
      <Cell label="State">
        {execution === undefined ? <span className="text-ink-3">not started</span> : stateInWords(execution)}
      </Cell>
      <Cell label="Health" wide>
        {execution !== undefined && (
          <span className="inline-flex flex-wrap items-center gap-x-2">
            <HealthBadge health={execution.health} />
            <span className="text-12 text-ink-2">{execution.healthReason}</span>
          </span>
        )}
      </Cell>
      <Cell label="On" wide>
        {machine === undefined ? (
          <span className="text-ink-3">a machine of {spec?.pool}</span>
        ) : (
          <span className="inline-flex flex-wrap items-center gap-x-2">
            <TextLink
              href={clusterHref(machine.environmentName, machine.clusterName, 'instances', machine.instanceId)}
              className="font-mono text-12 tracking-tight"
            >
              {machine.instanceId}
            </TextLink>
            <span className="text-12 text-ink-3">{machine.pool}</span>
          </span>
        )}
      </Cell>
      <Cell label="Port" wide className="font-mono text-12 whitespace-nowrap text-ink-2">
        {execution?.ports.map((port) => port.address).join(', ')}
      </Cell>
      <Cell label="Ran" numeric>
        {execution !== undefined && <Ran execution={execution} />}
      </Cell>
      <Cell label="Exit">{execution !== undefined && exitInWords(execution)}</Cell>
      <Cell label="Lines" numeric className="text-ink-2">
        {execution?.logLines.toLocaleString('en-GB')}
      </Cell>
    </Row>
  );
}

function Ran({ execution: { startedAt, exitedAt, removedAt } }: { execution: ExecutionView }) {
  if (startedAt === null) return '–';
  return <Lasted from={startedAt} to={exitedAt ?? removedAt} />;
}

function stateInWords({ state, removedAt }: ExecutionView): string {
  return `${state.toLowerCase()}${removedAt === null ? '' : ', removed'}`;
}

function exitInWords({ exitCode, signal }: ExecutionView): string {
  if (signal !== null) return signal;
  return exitCode === null ? '–' : String(exitCode);
}
