'use client';

import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { EnvironmentsOverview, PluginView } from '@/server/contract/environment.ts';

interface PluginsFoundProps {
  found: EnvironmentsOverview['plugins'];
  /** null: the viewer may not add environments. */
  onUse: ((plugin: PluginView, hostId: string) => void) | null;
}

/** What answers in the directories that workers watch; nothing where none watches one. */
export function PluginsFound({ found, onUse }: PluginsFoundProps) {
  return found.map(({ hostId, hostName, directory, plugins, silent, problem }) => (
    <Panel key={hostId} flush title="Plugins found" note={`in ${directory} on ${hostName}`}>
      {problem !== null && <Banner tone="warn">The directory cannot be read: {problem}</Banner>}
      {plugins.length === 0 ? (
        <EmptyState title="No plugin answers there">
          A plugin is listed as soon as its socket is in the directory.
        </EmptyState>
      ) : (
        <Table caption={`Plugins in ${directory} on ${hostName}`}>
          <TableHead>
            <Column>Plugin</Column>
            <Column>Offers</Column>
            <Column>As an environment</Column>
            {onUse !== null && (
              <Column>
                <span className="sr-only">Actions</span>
              </Column>
            )}
          </TableHead>
          <TableBody>
            {plugins.map((plugin) => (
              <Row key={plugin.name}>
                <RowHeader>{plugin.name}</RowHeader>
                <Cell label="offers" wide>
                  {plugin.interfaces.join(', ')}
                </Cell>
                <Cell label="as an environment" wide className="text-ink-2">
                  {plugin.refusal ?? 'can be one'}
                </Cell>
                {onUse !== null && (
                  <Cell wide className="text-right">
                    {plugin.refusal === null && (
                      <Button
                        size="small"
                        aria-label={`Add an environment of ${plugin.name}`}
                        onClick={() => onUse(plugin, hostId)}
                      >
                        Add…
                      </Button>
                    )}
                  </Cell>
                )}
              </Row>
            ))}
          </TableBody>
        </Table>
      )}
      {silent.length > 0 && (
        <p className="border-t border-line px-4 py-2 text-12 text-ink-3">
          There, but without an answer: {silent.join(', ')}.
        </p>
      )}
    </Panel>
  ));
}
