'use client';

import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { roleSentence } from '@/components/people/role';
import { RoleSelect } from '@/components/people/role-select';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage, fieldErrors } from '@/components/trpc/error-message';
import { Badge } from '@/components/ui/badge';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy-id';
import { Dialog } from '@/components/ui/dialog';
import { EmptyState } from '@/components/ui/empty-state';
import { Field } from '@/components/ui/field';
import type { GlyphShape } from '@/components/ui/glyph';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { InvitationView, Role } from '@/server/contract/people.ts';

const shapes = { open: 'ring-dashed', used: 'tick', expired: 'ring-slash', revoked: 'ring-slash' } satisfies Record<
  InvitationView['state'],
  GlyphShape
>;

/** The invitations, and the way to make one. For administrators only. */
export function Invitations() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data: invitations } = useSuspenseQuery(trpc.people.invitations.queryOptions());
  const [isInviting, setInviting] = useState(false);
  const revoke = useMutation(
    trpc.people.revoke.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.people.invitations.queryFilter()),
    }),
  );
  return (
    <>
      <Panel flush title="Invitations" aside={<Button onClick={() => setInviting(true)}>Invite…</Button>}>
        {revoke.error && (
          <Banner tone="bad" announce>
            {errorMessage(revoke.error)}
          </Banner>
        )}
        {invitations.length === 0 ? (
          <EmptyState title="Nobody was invited yet">
            An invitation is a link that makes one account. It works for 7 days.
          </EmptyState>
        ) : (
          <Table caption="Invitations, the newest first">
            <TableHead>
              <Column>For</Column>
              <Column>Role</Column>
              <Column>State</Column>
              <Column>Made</Column>
              <Column>By</Column>
              <Column>
                <span className="sr-only">Actions</span>
              </Column>
            </TableHead>
            <TableBody>
              {invitations.map((invitation) => (
                <Row key={invitation.id} stale={invitation.state !== 'open'}>
                  <RowHeader>{invitation.label || <span className="text-ink-3">not said</span>}</RowHeader>
                  <Cell label="Role">{invitation.role}</Cell>
                  <Cell label="State">
                    <Badge shape={shapes[invitation.state]} tone={invitation.state === 'open' ? 'info' : 'neutral'}>
                      {invitation.state}
                    </Badge>
                    {invitation.state === 'open' && (
                      <span className="ml-2 text-12 text-ink-3">
                        ends <RelativeTime at={invitation.expiresAt} />
                      </span>
                    )}
                  </Cell>
                  <Cell label="Made" className="text-ink-2">
                    <RelativeTime at={invitation.createdAt} />
                  </Cell>
                  <Cell label="By" className="text-ink-2">
                    {invitation.invitedByName}
                  </Cell>
                  <Cell numeric>
                    {invitation.state === 'open' && (
                      <Button
                        size="small"
                        variant="quiet"
                        disabled={revoke.isPending}
                        onClick={() => revoke.mutate({ invitationId: invitation.id })}
                        aria-label={`Revoke the invitation for ${invitation.label || `a new ${invitation.role}`}`}
                      >
                        Revoke
                      </Button>
                    )}
                  </Cell>
                </Row>
              ))}
            </TableBody>
          </Table>
        )}
      </Panel>
      <Dialog open={isInviting} onOpenChange={setInviting} title="Invite somebody">
        <InviteForm close={() => setInviting(false)} />
      </Dialog>
    </>
  );
}

/** Mounted with each opening, so that a link is shown once. */
function InviteForm({ close }: { close: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [role, setRole] = useState<Role>('operator');
  const [label, setLabel] = useState('');
  const invite = useMutation(
    trpc.people.invite.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.people.invitations.queryFilter()),
    }),
  );
  if (invite.data !== undefined) return <InvitationLink token={invite.data.token} role={role} close={close} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ role, label });
  };
  return (
    <form onSubmit={submit} className="grid gap-3">
      {invite.error && (
        <Banner tone="bad" announce>
          {errorMessage(invite.error)}
        </Banner>
      )}
      <Field label="Role" hint={`As ${role}, ${roleSentence[role]}`}>
        <RoleSelect value={role} onChange={setRole} />
      </Field>
      <Field label="For" hint="Only a reminder for this list." invalid={fieldErrors(invite.error).label}>
        <Input value={label} onChange={(event) => setLabel(event.target.value)} maxLength={200} autoComplete="off" />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={invite.isPending}>
          Make the link
        </Button>
      </div>
    </form>
  );
}

function InvitationLink({ token, role, close }: { token: string; role: Role; close: () => void }) {
  const link = `${window.location.origin}/join#${token}`;
  return (
    <div className="grid gap-3">
      <p className="text-pretty text-ink-2">
        Give this link to one person. It makes one account with the role {role}, works for 7 days, and is not shown
        again. Click it to copy it.
      </p>
      <div className="overflow-x-auto rounded-control border border-line bg-sunken px-2 py-1">
        <CopyId value={link} />
      </div>
      <div className="flex justify-end">
        <Button onClick={close}>Done</Button>
      </div>
    </div>
  );
}
