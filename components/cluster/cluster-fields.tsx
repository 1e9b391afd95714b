'use client';

import type { ReactNode } from 'react';
import type { ClusterDraft, FieldErrors, PolicyDraft } from '@/components/cluster/cluster-draft';
import { drainTimeoutRules, protectRules, timeoutRules } from '@/components/plan/knobs';
import { Checkbox } from '@/components/ui/checkbox';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import type { EnvironmentKind } from '@/server/contract/cluster.ts';
import type { DrainTimeoutRule, ProtectRule } from '@/server/domain/cycle/policy.ts';

export interface FieldsProps {
  draft: ClusterDraft;
  errors: FieldErrors;
  onChange: (change: Partial<ClusterDraft>) => void;
}

/** How many machines there are, and may be. */
export function SizeFields({ draft, errors, onChange }: FieldsProps) {
  const size = (field: 'minSize' | 'targetSize' | 'maxSize', label: string, hint: string) => (
    <Field label={label} hint={hint} invalid={errors[field]}>
      <Input inputMode="numeric" value={draft[field]} onChange={(event) => onChange({ [field]: event.target.value })} />
    </Field>
  );
  return (
    <Panel title="Size">
      <div className="grid grid-cols-3 gap-3">
        {size('minSize', 'Min', 'in service')}
        {size('targetSize', 'Target', 'as a rule')}
        {size('maxSize', 'Max', 'at any time')}
      </div>
    </Panel>
  );
}

export function LabelsField({ draft, errors, onChange }: FieldsProps) {
  return (
    <Panel title="Labels">
      <Field
        label="Labels"
        hint="name=value, separated by commas. Lists are filtered by label.team:web."
        invalid={errors.labels}
      >
        <Input
          value={draft.labels}
          onChange={(event) => onChange({ labels: event.target.value })}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
    </Panel>
  );
}

/** How it is cycled: by the product's default, or by a policy that is stored with it. */
export function PolicyFields({ kind, draft, errors, onChange }: FieldsProps & { kind: EnvironmentKind }) {
  const change = (policy: Partial<PolicyDraft>) => onChange({ policy: { ...draft.policy, ...policy } });
  const text = (
    field: 'surge' | 'maxUnavailable' | 'batch' | 'canary' | 'bakeMs' | 'minHealthyMs' | 'order',
    label: string,
    hint: ReactNode,
  ) => (
    <Field label={label} hint={hint} invalid={errors[`policy.${field}`]}>
      <Input
        value={draft.policy[field]}
        onChange={(event) => change({ [field]: event.target.value })}
        autoComplete="off"
      />
    </Field>
  );
  return (
    <Panel title="Policy" note={draft.hasPolicy ? 'stored with this cluster' : 'product default'}>
      <div className="grid gap-3">
        <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
          <Field label="Drain timeout" hint="0: none" invalid={errors.drainTimeoutMs}>
            <Input
              value={draft.drainTimeoutMs}
              onChange={(event) => onChange({ drainTimeoutMs: event.target.value })}
            />
          </Field>
        </div>
        <Checkbox checked={draft.hasPolicy} onChange={(event) => onChange({ hasPolicy: event.target.checked })}>
          A policy of its own
        </Checkbox>
        {draft.hasPolicy ? (
          <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
            {text('surge', 'Surge beyond target', 'empty: up to max')}
            {text('maxUnavailable', 'Max unavailable', 'empty: down to min')}
            {text('batch', 'Batch', 'empty: no limit')}
            {text('canary', 'Canary', 'empty: none')}
            {text('bakeMs', 'Canary bakes for', 'empty: not at all')}
            {text('minHealthyMs', 'Minimum health', 'empty: not asked for')}
            <Field label="On drain timeout" invalid={errors['policy.onDrainTimeout']}>
              <Select<DrainTimeoutRule | ''>
                options={[
                  { value: '', label: `not set: ${timeoutRules.force}` },
                  ...timeoutChoices(kind, draft.policy.onDrainTimeout),
                ]}
                value={draft.policy.onDrainTimeout}
                onChange={(onDrainTimeout) => change({ onDrainTimeout })}
              />
            </Field>
            <Field label="Protected, standby" invalid={errors['policy.protect']}>
              <Select<ProtectRule | ''>
                options={[{ value: '', label: 'not set: replaced like others' }, ...choices(protectRules)]}
                value={draft.policy.protect}
                onChange={(protect) => change({ protect })}
              />
            </Field>
            {text('order', 'Order', 'unhealthy, idle, oldest, zones: the first counts most')}
          </div>
        ) : (
          <p className="max-w-[72ch] text-ink-2">
            One canary (5 % from 20 instances on) that bakes for 5 min, 30 s of health before an instance counts, surge
            up to max, down to min; a drain that times out pauses and asks; protected instances are left as they are.
          </p>
        )}
      </div>
    </Panel>
  );
}

/** What is stored is shown, also where it holds no longer. */
function timeoutChoices(kind: EnvironmentKind, stored: DrainTimeoutRule | '') {
  const rules = drainTimeoutRules(kind);
  return choices(timeoutRules).filter(({ value }) => value === stored || rules.includes(value));
}

function choices<Value extends string>(labels: Readonly<Record<Value, string>>): { value: Value; label: string }[] {
  // Object.keys forgets what its keys are.
  const values = Object.keys(labels).filter((key): key is Value => Object.hasOwn(labels, key));
  return values.map((value) => ({ value, label: labels[value] }));
}
