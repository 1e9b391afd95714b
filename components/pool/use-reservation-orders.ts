'use client';

import { useMutation } from '@tanstack/react-query';
import { formatSeconds } from '@/components/plan/duration-text';
import { type Actions, useActions } from '@/components/pool/use-actions';
import { useTRPC } from '@/components/trpc/client';
import type { ReservationRow } from '@/server/contract/pool.ts';

/** Finds a reservation as it is now among what the page shows; undefined where it is not shown any more. */
type Find = (reservationId: string) => ReservationRow | undefined;

export interface ReservationOrders {
  readonly actions: Actions<Find>;
  extend(reservation: ReservationRow, byMs: number): void;
  release(reservation: ReservationRow): void;
  handOver(reservation: ReservationRow, to: { readonly id: string; readonly name: string }): void;
}

/** What can be asked of a reservation, and how far the last of it is. */
export function useReservationOrders(): ReservationOrders {
  const trpc = useTRPC();
  const actions = useActions<Find>();
  const extend = useMutation(trpc.reservation.extend.mutationOptions());
  const release = useMutation(trpc.reservation.release.mutationOptions());
  const handOver = useMutation(trpc.reservation.handOver.mutationOptions());
  return {
    actions,
    extend: ({ id, name, expiresAt }, byMs) =>
      void actions.give(
        `Extend “${name}” by ${formatSeconds(byMs / 1_000)}`,
        (find) => (find(id)?.expiresAt ?? 0) > (expiresAt ?? 0),
        () => extend.mutateAsync({ reservationId: id, byMs }),
      ),
    release: ({ id, name, state }) =>
      void actions.give(
        state === 'held' ? `Release “${name}”` : `Take “${name}” out of the queue`,
        (find) => (find(id)?.state ?? 'ended') === 'ended',
        () => release.mutateAsync({ reservationId: id }),
      ),
    handOver: ({ id, name }, to) =>
      void actions.give(
        `Hand “${name}” over to ${to.name}`,
        (find) => find(id)?.holderId === to.id,
        () => handOver.mutateAsync({ reservationId: id, userId: to.id }),
      ),
  };
}
