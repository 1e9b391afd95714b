'use client';

import { useState } from 'react';
import type { PreviewCheck } from '@/server/domain/approval/plan';

/** A tick stands for the sentence that was read: another sentence is to be ticked anew. */
export function useTicks() {
  const [read, setRead] = useState<ReadonlySet<string>>(new Set());
  return {
    isTicked: (check: Pick<PreviewCheck, 'sentence'>) => read.has(check.sentence),
    tick: (check: Pick<PreviewCheck, 'sentence'>, ticked: boolean) =>
      setRead((before) =>
        ticked
          ? new Set([...before, check.sentence])
          : new Set([...before].filter((other) => other !== check.sentence)),
      ),
  };
}
