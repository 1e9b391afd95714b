import { formatSeconds } from '@/components/plan/duration-text';
import { orderWords, protectRules, timeoutRules } from '@/components/plan/knobs';
import { KeyValue, KeyValues } from '@/components/ui/key-values';
import type { CyclePolicy } from '@/server/domain/cycle/policy.ts';

/** How a cluster is cycled, in words; what a policy leaves open is said as such. */
export function PolicyFacts({ policy, drainTimeoutMs }: { policy: CyclePolicy; drainTimeoutMs: number }) {
  const { order, protect, onDrainTimeout } = policy;
  return (
    <KeyValues>
      <KeyValue term="Surge">{count(policy.surge, 'up to max')}</KeyValue>
      <KeyValue term="Max unavailable">{count(policy.maxUnavailable, 'down to min')}</KeyValue>
      <KeyValue term="Batch">{count(policy.batch, 'no limit')}</KeyValue>
      <KeyValue term="Canary">
        {policy.canary === undefined || policy.canary === 0
          ? 'none'
          : `${policy.canary}, bakes for ${milliseconds(policy.bakeMs ?? 0)}`}
      </KeyValue>
      <KeyValue term="Healthy for">
        {policy.minHealthyMs === undefined ? 'not asked for' : milliseconds(policy.minHealthyMs)}
      </KeyValue>
      <KeyValue term="Drain timeout">
        {drainTimeoutMs === 0
          ? 'none'
          : `${milliseconds(drainTimeoutMs)}, then ${timeoutRules[onDrainTimeout ?? 'force']}`}
      </KeyValue>
      <KeyValue term="Protected">{protect === undefined ? 'replaced like others' : protectRules[protect]}</KeyValue>
      <KeyValue term="Order">
        {order === undefined || order.length === 0
          ? 'as the back end lists them'
          : order.map((key) => orderWords[key]).join(', ')}
      </KeyValue>
    </KeyValues>
  );
}

function count(value: number | undefined, none: string): string {
  return value === undefined ? none : String(value);
}

function milliseconds(ms: number): string {
  return formatSeconds(ms / 1_000);
}
