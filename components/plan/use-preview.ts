'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { type RawKnobs, readKnobs } from '@/components/plan/knobs';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import type { PreviewView } from '@/server/contract/plan';
import type { Knobs } from '@/server/domain/approval/plan';

const SETTLE_MS = 150;
/** What is known of the cluster may change without a change of the cluster: a worker that is gone, facts that grow old. */
const AGAIN_MS = 10_000;

interface Preview {
  /** The last answer that came; null before the first. */
  readonly view: PreviewView | null;
  /** Whether it is not yet of what was typed. */
  readonly isSettling: boolean;
  /** Why the last question was not answered; the view stays the one before. */
  readonly error: unknown;
  readonly retry: () => void;
}

/** The dry run of the knobs in the address. It follows them after a moment of rest, and the cluster as it changes. */
export function usePreview(clusterId: string, raw: RawKnobs): Preview {
  const trpc = useTRPC();
  const { knobs, isResting } = useSettled(raw);
  const query = trpc.cluster.preview.queryOptions({ clusterId, knobs });
  const answer = useQuery({ ...query, refetchInterval: AGAIN_MS });
  const [last, setLast] = useState(answer.data ?? null);
  if (answer.data !== undefined && answer.data !== last) setLast(answer.data);
  useLive(`cluster:${clusterId}`, last?.seq ?? '0', query.queryKey, () => 'refetch');
  return {
    view: answer.data ?? last,
    isSettling: !isResting || answer.isPending,
    error: answer.error,
    retry: () => void answer.refetch(),
  };
}

/** The knobs once nothing was typed for a moment. While one cannot be read, those before it stay. */
function useSettled(raw: RawKnobs): { knobs: Knobs; isResting: boolean } {
  const { knobs, errors } = useMemo(() => readKnobs(raw), [raw]);
  const [settled, setSettled] = useState(knobs);
  const isReadable = Object.keys(errors).length === 0;
  useEffect(() => {
    if (!isReadable) return;
    const timer = setTimeout(() => setSettled(knobs), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [knobs, isReadable]);
  return { knobs: settled, isResting: !isReadable || knobs === settled };
}
