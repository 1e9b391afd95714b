import type { Hold } from '../../domain/pool/hold.ts';
import type { PrismaClient } from './generated/client.ts';

/** The machines of a cluster that somebody holds now. */
export async function holdsOf(db: PrismaClient, clusterId: string): Promise<Hold[]> {
  const rows = await db.reservationMachine.findMany({
    where: { clusterId, releasedAt: null },
    include: { reservation: { select: { sessionId: true, name: true, holderName: true, purpose: true } } },
  });
  return rows.map(({ instanceId, reservationId, component, heldAt, reservation }) => ({
    instanceId,
    reservationId,
    component,
    since: heldAt.getTime(),
    ...reservation,
  }));
}
