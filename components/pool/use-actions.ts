'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage, failureOf } from '@/components/trpc/error-message';
import { useServerNow } from '@/components/ui/clock';
import type { OrderReceipt } from '@/server/contract/cycle.ts';

/** What a person asked for on this page, from the click to its effect. Times are the server's. */
export interface GivenAction {
  /** The verb and its object: "Pause gpu". */
  readonly name: string;
  readonly requestedAt: number;
  readonly answer:
    | { readonly kind: 'waiting' }
    | { readonly kind: 'accepted'; readonly at: number; readonly requestId: string }
    /** The connection broke: it may have been accepted. */
    | { readonly kind: 'unanswered' }
    | { readonly kind: 'refused'; readonly message: string; readonly requestId: string | null };
}

interface Kept<View> extends GivenAction {
  readonly isSeen: (view: View) => boolean;
}

export interface Actions<View> {
  /** The last one; null where there was none, or it was dismissed. */
  readonly last: Kept<View> | null;
  readonly isWaiting: boolean;
  /** Asks for something; resolves when it was answered. `isSeen` says whether a view shows that it is so. */
  give(name: string, isSeen: (view: View) => boolean, send: () => Promise<OrderReceipt>): Promise<void>;
  dismiss(): void;
}

/** An action is never shown as done before a view shows it. */
export function useActions<View>(): Actions<View> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const serverNow = useServerNow();
  const [last, setLast] = useState<Kept<View> | null>(null);
  return {
    last,
    isWaiting: last?.answer.kind === 'waiting',
    dismiss: () => setLast(null),
    give: async (name, isSeen, send) => {
      const asked = { name, isSeen, requestedAt: serverNow() };
      setLast({ ...asked, answer: { kind: 'waiting' } });
      try {
        const { requestId } = await send();
        setLast({ ...asked, answer: { kind: 'accepted', at: serverNow(), requestId } });
        // The stream tells it too; where it does not come through, this does.
        void queryClient.invalidateQueries(trpc.pool.pathFilter());
        void queryClient.invalidateQueries(trpc.reservation.pathFilter());
        void queryClient.invalidateQueries(trpc.session.pathFilter());
      } catch (error) {
        setLast({ ...asked, answer: answerOf(error) });
      }
    },
  };
}

function answerOf(error: unknown): GivenAction['answer'] {
  const failure = failureOf(error);
  if (failure === null) return { kind: 'unanswered' };
  return { kind: 'refused', message: errorMessage(error), requestId: failure.requestId };
}
