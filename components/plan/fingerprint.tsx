'use client';

import { useState } from 'react';
import { shownKnobs } from '@/components/plan/knobs';
import { versionName, versionStep } from '@/components/plan/version-of';
import { CopyId } from '@/components/ui/copy-id';
import { Dialog } from '@/components/ui/dialog';
import { KeyValue, KeyValues } from '@/components/ui/key-values';
import { AbsoluteTime } from '@/components/ui/relative-time';
import { TextButton } from '@/components/ui/text-link';
import type { PlanBody } from '@/server/domain/approval/plan';

/** What an approval is given to: its short name, how old its facts are, and what is in it. */
export function Fingerprint({ body, fingerprint }: { body: PlanBody; fingerprint: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <span>
        Fingerprint <CopyId value={fingerprint} short={shortFingerprint(fingerprint)} />
      </span>
      {body.observedAt !== null && (
        <span>
          observed <AbsoluteTime at={body.observedAt} />
        </span>
      )}
      <span className="flex-1" />
      <TextButton onClick={() => setOpen(true)}>What is in it</TextButton>
      <Dialog open={open} onOpenChange={setOpen} title="What is in the fingerprint">
        <p className="text-pretty text-ink-2">
          An approval holds for exactly this. Where any of it changes, the plan is refused; other changes of the cluster
          do no harm.
        </p>
        <Basis body={body} />
      </Dialog>
    </>
  );
}

function Basis({ body }: { body: PlanBody }) {
  const { basis } = body;
  const shown = shownKnobs(basis.config, basis.policy);
  const policy = [
    `batch ${shown.batch || 'without limit'}`,
    `surge ${shown.surge || 'up to max'}`,
    `unavailable ${shown.unavailable || 'down to the floor'}`,
    `canary ${shown.canary || 'none'}, bake ${shown.bake || 'none'}`,
    `minimum health ${shown.health || 'none'}`,
    `drain timeout ${shown.drain}, then ${shown.timeout}`,
    `protected: ${shown.protect}`,
    `order ${shown.order.replaceAll(',', ', ')}`,
  ];
  return (
    <KeyValues>
      <KeyValue term="Configuration">{versionStep(body)}</KeyValue>
      <KeyValue term="Sizes">
        min {shown.min}, target {shown.target}, max {shown.max}
      </KeyValue>
      <KeyValue term="Policy">{policy.join('; ')}</KeyValue>
      <KeyValue term="Planner">version {basis.plannerVersion}</KeyValue>
      <KeyValue term={`${basis.touched.length} instances`}>
        <ul className="grid gap-0.5">
          {basis.touched.map((one) => (
            <li key={one.id}>
              <span className="font-mono text-12 tracking-tight">{one.id}</span>{' '}
              <span className="text-ink-2">
                {one.decision === 'replace' ? 'replaced' : 'scaled in'}, {versionName(body, one.config)}
              </span>
            </li>
          ))}
        </ul>
      </KeyValue>
    </KeyValues>
  );
}

/** Twelve characters in groups of four: `7e1c 40b9 a2d6`. */
export function shortFingerprint(fingerprint: string): string {
  return (fingerprint.slice(0, 12).match(/.{1,4}/g) ?? []).join(' ');
}
