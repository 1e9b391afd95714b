'use client';

import type { AskedOfReservation } from '@/components/pool/reservation-dialogs';
import type { ReservationOrders } from '@/components/pool/use-reservation-orders';
import { Button } from '@/components/ui/button';
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu';
import type { ReservationRow } from '@/server/contract/pool.ts';

const HOUR_MS = 3_600_000;
const extensions = [
  { label: '30 min', byMs: HOUR_MS / 2 },
  { label: '1 h', byMs: HOUR_MS },
  { label: '4 h', byMs: 4 * HOUR_MS },
] as const;

interface ReservationActionsProps {
  reservation: ReservationRow;
  orders: ReservationOrders;
  onAsk: (asked: AskedOfReservation) => void;
}

/** What the viewer may do, behind one button of a row; nothing where that is nothing. */
export function ReservationMenu({ reservation, orders, onAsk }: ReservationActionsProps) {
  const { actions, name, state } = reservation;
  const mayExtend = actions.extend === true;
  const mayHandOver = actions['hand-over'] === true;
  const mayRelease = actions.release === true;
  if (!mayExtend && !mayHandOver && !mayRelease) return null;
  return (
    <Menu
      trigger={
        <Button size="small" disabled={orders.actions.isWaiting} aria-label={`Actions on “${name}”`}>
          Actions
        </Button>
      }
    >
      {mayExtend &&
        extensions.map(({ label, byMs }) => (
          <MenuItem key={label} onClick={() => orders.extend(reservation, byMs)}>
            Extend by {label}
          </MenuItem>
        ))}
      {mayHandOver && <MenuItem onClick={() => onAsk({ kind: 'hand-over', reservation })}>Hand over…</MenuItem>}
      {mayRelease && (
        <>
          <MenuSeparator />
          <MenuItem onClick={() => onAsk({ kind: 'release', reservation })}>{releaseWord(state)}</MenuItem>
        </>
      )}
    </Menu>
  );
}

/** The same as buttons, each with the reason where it cannot be done. */
export function ReservationButtons({ reservation, orders, onAsk }: ReservationActionsProps) {
  const { actions, state } = reservation;
  if (state === 'ended') return null;
  const { isWaiting } = orders.actions;
  const reasons = Object.values(actions).filter((allowed) => allowed !== true);
  const [reason] = reasons;
  // One reason for all is said once.
  if (reasons.length === 3 && reason !== undefined && reasons.every((other) => other === reason)) {
    return <p className="max-w-64 text-12 text-ink-3">It cannot be changed here: {reason}.</p>;
  }
  const { extend } = actions;
  return (
    <>
      {extend === true ? (
        <Menu trigger={<Button disabled={isWaiting}>Extend</Button>}>
          {extensions.map(({ label, byMs }) => (
            <MenuItem key={label} onClick={() => orders.extend(reservation, byMs)}>
              by {label}
            </MenuItem>
          ))}
        </Menu>
      ) : (
        <Button disabledReason={sentence(extend)}>Extend</Button>
      )}
      <Button
        disabledReason={why(actions['hand-over'])}
        disabled={isWaiting}
        onClick={() => onAsk({ kind: 'hand-over', reservation })}
      >
        Hand over…
      </Button>
      <Button
        variant="danger"
        disabledReason={why(actions.release)}
        disabled={isWaiting}
        onClick={() => onAsk({ kind: 'release', reservation })}
      >
        {releaseWord(state)}
      </Button>
    </>
  );
}

function releaseWord(state: ReservationRow['state']): string {
  return state === 'held' ? 'Release…' : 'Leave the queue…';
}

function why(allowed: true | string): string | null {
  return allowed === true ? null : sentence(allowed);
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}
