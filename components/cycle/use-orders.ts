'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Order } from '@/components/cycle/order';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage, failureOf } from '@/components/trpc/error-message';
import { useServerNow } from '@/components/ui/clock';
import type { CycleView, OrderReceipt } from '@/server/contract/cycle';
import type { CycleAction } from '@/server/domain/cycle/cycle-state';

export interface Orders {
  /** The last one of the cycle as a whole, or of one instance; null where there was none. */
  of(instanceId: string | null): Order | null;
  /** Gives an order; resolves when it was answered, and says whether it was accepted. */
  give(action: CycleAction, instanceId?: string, byMs?: number): Promise<boolean>;
  dismiss(instanceId: string | null): void;
}

/** What was ordered on this page. An order is never shown as done before the cycle shows it. */
export function useOrders(cycle: CycleView): Orders {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const serverNow = useServerNow();
  const [orders, setOrders] = useState<ReadonlyMap<string | null, Order>>(new Map());
  const pause = useMutation(trpc.cycle.pause.mutationOptions());
  const resume = useMutation(trpc.cycle.resume.mutationOptions());
  const abort = useMutation(trpc.cycle.abort.mutationOptions());
  const endAsFailed = useMutation(trpc.cycle.endAsFailed.mutationOptions());
  const retryInstance = useMutation(trpc.cycle.retryInstance.mutationOptions());
  const skipInstance = useMutation(trpc.cycle.skipInstance.mutationOptions());
  const extendDrain = useMutation(trpc.cycle.extendDrain.mutationOptions());
  const forceDrain = useMutation(trpc.cycle.forceDrain.mutationOptions());
  const { id: cycleId } = cycle;

  const send = (action: CycleAction, instanceId: string, byMs: number): Promise<OrderReceipt> => {
    switch (action) {
      case 'pause':
        return pause.mutateAsync({ cycleId });
      case 'resume':
        return resume.mutateAsync({ cycleId });
      case 'abort':
        return abort.mutateAsync({ cycleId, mode: 'finish-in-flight' });
      case 'stop-now':
        return abort.mutateAsync({ cycleId, mode: 'stop-now' });
      case 'end-as-failed':
        return endAsFailed.mutateAsync({ cycleId });
      case 'retry-instance':
        return retryInstance.mutateAsync({ cycleId, instanceId });
      case 'skip-instance':
        return skipInstance.mutateAsync({ cycleId, instanceId });
      case 'extend-drain':
        return extendDrain.mutateAsync({ cycleId, instanceId, byMs });
      case 'force-drain':
        return forceDrain.mutateAsync({ cycleId, instanceId });
    }
  };

  const put = (order: Order) => setOrders((before) => new Map(before).set(order.instanceId, order));

  return {
    of: (instanceId) => orders.get(instanceId) ?? null,
    dismiss: (instanceId) =>
      setOrders((before) => {
        const after = new Map(before);
        after.delete(instanceId);
        return after;
      }),
    give: async (action, instanceId, byMs = 0) => {
      const order: Order = {
        action,
        instanceId: instanceId ?? null,
        requestedAt: serverNow(),
        seq: cycle.seq,
        drainDeadline: cycle.instances.find((one) => one.instanceId === instanceId)?.drainDeadline ?? null,
        answer: { kind: 'waiting' },
      };
      put(order);
      try {
        const { requestId } = await send(action, instanceId ?? '', byMs);
        put({ ...order, answer: { kind: 'accepted', at: serverNow(), requestId } });
        // The stream tells it too; where it does not come through, this does.
        void queryClient.invalidateQueries({ queryKey: trpc.cycle.byId.queryKey({ cycleId }) });
        return true;
      } catch (error) {
        const failure = failureOf(error);
        const answer: Order['answer'] =
          failure === null
            ? { kind: 'unanswered' }
            : { kind: 'refused', message: errorMessage(error), requestId: failure.requestId };
        put({ ...order, answer });
        return false;
      }
    },
  };
}
