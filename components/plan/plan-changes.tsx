'use client';

import { useState } from 'react';
import { TextButton } from '@/components/ui/text-link';
import type { PlanChange, Staleness } from '@/server/domain/approval/staleness';

const SHOWN = 4;

/** What is not as it was, each in a sentence; those that matter first. */
export function PlanChanges({ changes }: { changes: readonly PlanChange[] }) {
  const [all, setAll] = useState(false);
  return (
    <>
      <ul className="mt-1 grid gap-0.5 text-12">
        {(all ? changes : changes.slice(0, SHOWN)).map((change) => (
          <li key={change.sentence} className={change.material ? 'font-medium' : 'text-ink-2'}>
            {change.sentence}
            {!change.material && <span className="text-ink-3"> (harmless)</span>}
          </li>
        ))}
      </ul>
      {changes.length > SHOWN && (
        <TextButton aria-expanded={all} onClick={() => setAll(!all)} className="text-12">
          {all ? 'Show fewer' : `Show all ${changes.length}`}
        </TextButton>
      )}
    </>
  );
}

/** "3 things changed, 1 of which matters" */
export function changeCount({ changes }: Staleness): string {
  const material = changes.filter((change) => change.material).length;
  const counted = changes.length === 1 ? 'One thing changed' : `${changes.length} things changed`;
  if (changes.length === 1) return material === 1 ? `${counted}, and it matters` : counted;
  if (material === changes.length) return `${counted}, and all of it matters`;
  return material === 0 ? counted : `${counted}, ${material} of which ${material === 1 ? 'matters' : 'matter'}`;
}
