'use client';

import { type KeyboardEvent, useState } from 'react';
import { formatSeconds, parseDuration } from '@/components/plan/duration-text';
import { knobSource } from '@/components/plan/knob-source';
import {
  drainTimeoutRules,
  type KnobKey,
  knobLabels,
  knobNone,
  knobWords,
  protectRules,
  type RawKnobs,
  rawKnob,
  shownKnob,
  shownKnobs,
  storedKnobs,
  withKnobs,
} from '@/components/plan/knobs';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { ProgressLine } from '@/components/ui/progress-line';
import { Select } from '@/components/ui/select';
import { TextButton } from '@/components/ui/text-link';
import type { EnvironmentKind } from '@/server/contract/cluster';
import type { PreviewView } from '@/server/contract/plan';

interface KnobFormProps {
  /** Of the cluster's environment. */
  kind: EnvironmentKind;
  view: PreviewView;
  raw: RawKnobs;
  errors: Readonly<Partial<Record<KnobKey, string>>>;
  /** What is shown is not yet of what was typed. */
  isSettling: boolean;
  onChange: (key: KnobKey, raw: string | null) => void;
  onReset: () => void;
}

/** The knobs: each may be supposed to be something else than what the cluster stores. */
export function KnobForm({ kind, view, raw, errors, isSettling, onChange, onReset }: KnobFormProps) {
  const changed = Object.values(raw).filter((value) => value !== null).length;
  const stored = shownKnobs(view.stored.config, view.stored.policy);
  const shown = shownKnobs(view.config, view.policy);
  const asked = withKnobs(storedKnobs, view.knobs);
  // The floor is the higher of the two.
  const floorKnob = view.floor > view.config.minSize ? 'unavailable' : 'min';
  const knob = (key: KnobKey): KnobProps => ({
    name: key,
    raw: raw[key],
    stored: stored[key],
    // A knob that was put back a moment ago may still be in what is shown.
    effective: asked[key] === null ? shown[key] : stored[key],
    source: knobSource(key, view),
    note: key === floorKnob ? `makes the floor ${view.floor}` : null,
    error: errors[key],
    onChange: (value) => onChange(key, value),
  });
  const invalid = Object.keys(errors).length;
  return (
    <Panel
      title="What if"
      aside={
        <>
          {changed > 0 && <span className="text-info">{changed} changed</span>}
          <TextButton onClick={onReset} disabled={changed === 0} className="disabled:text-ink-3 disabled:no-underline!">
            Reset to policy
          </TextButton>
        </>
      }
      footer={
        <span role="status">
          {invalid > 0
            ? `Shown for the last values that can be read: ${invalid === 1 ? 'one field' : `${invalid} fields`} cannot.`
            : `Recomputed in ${view.computedInMs} ms. Nothing is saved; the address holds these values.`}
        </span>
      }
      flush
    >
      <ProgressLine active={isSettling} />
      <div className="grid grid-cols-4 gap-x-4 gap-y-3 p-4 narrow:grid-cols-3 phone:grid-cols-2">
        <TextKnob {...knob('min')} step={countStep} />
        <TextKnob {...knob('target')} step={countStep} />
        <TextKnob {...knob('max')} step={countStep} />
        <TextKnob {...knob('batch')} step={countStep} />
        <TextKnob {...knob('surge')} step={countStep} />
        <TextKnob {...knob('unavailable')} step={countStep} />
        <TextKnob {...knob('drain')} step={durationStep} />
        <SelectKnob {...knob('timeout')} options={optionsOf('timeout', drainTimeoutRules(kind))} />
        <TextKnob {...knob('canary')} step={countStep} />
        <TextKnob {...knob('bake')} step={durationStep} />
        <TextKnob {...knob('health')} step={durationStep} />
        <SelectKnob {...knob('protect')} options={optionsOf('protect', Object.keys(protectRules))} />
        <SelectKnob
          {...knob('order')}
          options={optionsOf('order', [...new Set([...orders, shown.order])])}
          className="col-span-2"
        />
      </div>
    </Panel>
  );
}

interface KnobProps {
  name: KnobKey;
  /** What the address holds; null = as stored. */
  raw: string | null;
  /** What stands in the field where nothing was changed. */
  stored: string;
  /** What holds where nothing was changed: a default may follow another knob. */
  effective: string;
  /** Where the stored value comes from. */
  source: string;
  /** What it leads to. */
  note: string | null;
  error: string | undefined;
  onChange: (raw: string | null) => void;
}

interface TextKnobProps extends KnobProps {
  /** The text after a step up or down by arrow key. */
  step: (text: string, by: number) => string | null;
}

function TextKnob({ name, raw, stored, effective, source, note, error, onChange, step }: TextKnobProps) {
  // What is being typed stands as it is; once the field is left, it stands as it was understood.
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (raw === null ? effective : shownKnob(name, raw));
  const type = (next: string) => {
    setTyped(next);
    onChange(rawKnob(name, next, stored));
  };
  const leave = () => {
    setTyped(null);
    if (raw !== null && raw.trim() === '') onChange(null);
  };
  const stepByKey = (event: KeyboardEvent) => {
    const by = (event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0) * (event.shiftKey ? 10 : 1);
    const next = by === 0 ? null : step(text, by);
    if (next === null) return;
    event.preventDefault();
    type(next);
  };
  return (
    <Field
      label={knobLabels[name]}
      {...messages(raw, stored || knobNone[name], effective !== stored, source, note, error)}
    >
      <Input
        name={name}
        value={text}
        placeholder={knobNone[name]}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
        onBlur={leave}
        onKeyDown={stepByKey}
      />
    </Field>
  );
}

interface SelectKnobProps extends KnobProps {
  options: readonly { value: string; label: string }[];
  className?: string;
}

function SelectKnob({
  name,
  raw,
  stored,
  effective,
  source,
  note,
  error,
  onChange,
  options,
  className,
}: SelectKnobProps) {
  const value = raw ?? effective;
  const word = knobWords(name, stored);
  // An address may hold what no option says; it is shown as it is, beside what is wrong with it.
  const all = options.some((option) => option.value === value) ? options : [...options, { value, label: value }];
  return (
    <Field
      label={knobLabels[name]}
      className={className}
      {...messages(raw, word, effective !== stored, source, note, error)}
    >
      <Select name={name} value={value} options={all} onChange={(next) => onChange(rawKnob(name, next, stored))} />
    </Field>
  );
}

function messages(
  raw: string | null,
  stored: string,
  follows: boolean,
  source: string,
  note: string | null,
  error: string | undefined,
) {
  const and = note === null ? '' : `, ${note}`;
  return {
    invalid: error,
    changed: raw !== null && `changed, ${source}: ${stored}${and}`,
    hint: `${follows ? 'follows the sizes' : source}${and}`,
  };
}

function countStep(text: string, by: number): string | null {
  return /^\d*$/.test(text.trim()) ? String(Math.max(0, Number(text) + by)) : null;
}

/** By seconds while it is short, by minutes beyond. */
function durationStep(text: string, by: number): string | null {
  const seconds = text.trim() === '' ? 0 : parseDuration(text);
  if (seconds === null) return null;
  const size = seconds + by < 120 ? 1 : 60;
  return formatSeconds(Math.max(0, seconds + by * size));
}

function optionsOf(key: KnobKey, values: readonly string[]): { value: string; label: string }[] {
  return values.map((value) => ({ value, label: knobWords(key, value) }));
}

const orders = [
  'unhealthy,idle,oldest,zones',
  'unhealthy,oldest',
  'unhealthy,zones,oldest',
  'idle,oldest',
  'oldest',
  'cluster',
];
