'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { plural } from '@/components/cluster/cluster-sentence';
import type { ReservationOrders } from '@/components/pool/use-reservation-orders';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { ConfirmDialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { hasRole } from '@/server/contract/people.ts';
import type { ReservationRow } from '@/server/contract/pool.ts';

/** What is asked before it is ordered, and of which reservation. */
export interface AskedOfReservation {
  readonly kind: 'release' | 'hand-over';
  readonly reservation: ReservationRow;
}

interface ReservationDialogsProps {
  asked: AskedOfReservation;
  orders: ReservationOrders;
  onClose: () => void;
}

export function ReservationDialogs({ asked, orders, onClose }: ReservationDialogsProps) {
  const { kind, reservation } = asked;
  if (kind === 'release') {
    return (
      <ReleaseDialog
        reservation={reservation}
        onClose={onClose}
        onRelease={() => {
          onClose();
          orders.release(reservation);
        }}
      />
    );
  }
  return (
    <HandOverDialog
      reservation={reservation}
      onClose={onClose}
      onHandOver={(person) => {
        onClose();
        orders.handOver(reservation, person);
      }}
    />
  );
}

interface ReleaseDialogProps {
  reservation: ReservationRow;
  onClose: () => void;
  onRelease: () => void;
}

function ReleaseDialog({ reservation, onClose, onRelease }: ReleaseDialogProps) {
  const { name, state, wants, holderName } = reservation;
  const count = wants.reduce((sum, want) => sum + want.count, 0);
  const pools = wants.map(({ pool }) => pool).join(', ');
  const isHeld = state === 'held';
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={isHeld ? `Release “${name}”?` : `Give up the place of “${name}”?`}
      confirmLabel={isHeld ? `Release ${plural(count, 'machine')}` : 'Leave the queue'}
      destructive
      onConfirm={onRelease}
    >
      {isHeld ? (
        <>
          <b>{plural(count, 'machine')}</b> of {pools} {count === 1 ? 'goes' : 'go'} back to the pool at once, and to
          whoever is next. <b>{holderName}</b> loses {count === 1 ? 'it' : 'them'}; what runs there is not asked.
        </>
      ) : (
        <>
          It no longer waits for <b>{plural(count, 'machine')}</b> of {pools}. Asked again, it stands last.
        </>
      )}
    </ConfirmDialog>
  );
}

interface HandOverDialogProps {
  reservation: ReservationRow;
  onClose: () => void;
  onHandOver: (person: { readonly id: string; readonly name: string }) => void;
}

function HandOverDialog({ reservation: { name, holderId, holderName }, onClose, onHandOver }: HandOverDialogProps) {
  const { data, error } = useQuery(useTRPC().people.list.queryOptions());
  const [chosen, setChosen] = useState('');
  const people = (data ?? []).filter(
    (person) => person.id !== holderId && person.disabledAt === null && hasRole(person.role, 'operator'),
  );
  const person = people.find(({ id }) => id === chosen) ?? people[0];
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Hand over “${name}”`}
      confirmLabel={person === undefined ? 'Hand over' : `Hand over to ${person.name}`}
      disabledReason={whyNobody(data !== undefined, people.length)}
      onConfirm={() => person !== undefined && onHandOver(person)}
    >
      <p>
        It stays as it is, with its machines and its end; from then on it belongs to the other person and no longer to{' '}
        <b>{holderName}</b>.
      </p>
      {error !== null && <Banner tone="bad">{errorMessage(error)}</Banner>}
      {person !== undefined && (
        <Field label="To" hint="Operators and administrators with an account." className="mt-3">
          <Select
            options={people.map(({ id, name: label, email }) => ({ value: id, label: `${label}, ${email}` }))}
            value={person.id}
            onChange={setChosen}
          />
        </Field>
      )}
    </ConfirmDialog>
  );
}

function whyNobody(isRead: boolean, people: number): string | null {
  if (!isRead) return 'Reading who has an account.';
  return people === 0 ? 'Nobody else may hold machines.' : null;
}
