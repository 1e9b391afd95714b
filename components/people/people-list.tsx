'use client';

import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { RoleSelect } from '@/components/people/role-select';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage } from '@/components/trpc/error-message';
import { Badge, Tag } from '@/components/ui/badge';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/dialog';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { PersonView, Viewer } from '@/server/contract/people.ts';

/** Everybody who has an account. An administrator changes roles and disables accounts here. */
export function PeopleList({ viewer }: { viewer: Viewer }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data: people } = useSuspenseQuery(trpc.people.list.queryOptions());
  const [disabling, setDisabling] = useState<PersonView | null>(null);
  const onSettled = () => queryClient.invalidateQueries(trpc.people.pathFilter());
  const setRole = useMutation(trpc.people.setRole.mutationOptions({ onSettled }));
  const enable = useMutation(trpc.people.enable.mutationOptions({ onSettled }));
  const disable = useMutation(trpc.people.disable.mutationOptions({ onSettled, onSuccess: () => setDisabling(null) }));
  const failure = setRole.error ?? enable.error;
  const mayChange = viewer.role === 'administrator';
  return (
    <>
      {failure && (
        <Banner tone="bad" announce>
          {errorMessage(failure)}
        </Banner>
      )}
      <Panel flush title="People" note={people.length}>
        <Table caption="People with an account" tall>
          <TableHead>
            <Column>Name</Column>
            <Column>Role</Column>
            <Column>Account</Column>
            <Column>Joined</Column>
            <Column>Last seen</Column>
            {mayChange && (
              <Column>
                <span className="sr-only">Actions</span>
              </Column>
            )}
          </TableHead>
          <TableBody>
            {people.map((person) => (
              <Row key={person.id} stale={person.disabledAt !== null}>
                <RowHeader>
                  <span className="font-medium">{person.name}</span> {person.id === viewer.id && <Tag>you</Tag>}
                  <span className="block text-12 text-ink-3">{person.email}</span>
                </RowHeader>
                <Cell label="Role" wide>
                  {mayChange ? (
                    <RoleSelect
                      aria-label={`Role of ${person.name}`}
                      value={person.role}
                      disabled={setRole.isPending}
                      onChange={(role) => setRole.mutate({ userId: person.id, role })}
                    />
                  ) : (
                    person.role
                  )}
                </Cell>
                <Cell label="Account">
                  {person.disabledAt === null ? (
                    <Badge shape="disc" tone="ok">
                      active
                    </Badge>
                  ) : (
                    <Badge shape="ring-slash" tone="neutral">
                      disabled
                    </Badge>
                  )}
                </Cell>
                <Cell label="Joined" className="text-ink-2">
                  <RelativeTime at={person.createdAt} />
                </Cell>
                <Cell label="Seen" className="text-ink-2">
                  {person.lastSeenAt === null ? 'signed out' : <RelativeTime at={person.lastSeenAt} />}
                </Cell>
                {mayChange && (
                  <Cell numeric>
                    {person.disabledAt === null ? (
                      <Button size="small" variant="quiet" onClick={() => setDisabling(person)}>
                        Disable…
                      </Button>
                    ) : (
                      <Button
                        size="small"
                        variant="quiet"
                        disabled={enable.isPending}
                        onClick={() => enable.mutate({ userId: person.id })}
                      >
                        Enable
                      </Button>
                    )}
                  </Cell>
                )}
              </Row>
            ))}
          </TableBody>
        </Table>
      </Panel>
      <ConfirmDialog
        open={disabling !== null}
        onOpenChange={() => {
          disable.reset();
          setDisabling(null);
        }}
        title={`Disable ${disabling?.name}?`}
        confirmLabel={`Disable ${disabling?.name}`}
        destructive
        pending={disable.isPending}
        error={disable.error && errorMessage(disable.error)}
        onConfirm={() => disabling && disable.mutate({ userId: disabling.id })}
      >
        They are signed out at once and cannot sign in, and the invitations they made stop working. What they did stays
        under Activity. You can enable the account again.
      </ConfirmDialog>
    </>
  );
}
