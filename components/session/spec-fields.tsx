import type { SpecDraft, SpecErrors } from '@/components/session/spec-draft';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';

interface SpecFieldsProps {
  draft: SpecDraft;
  errors: SpecErrors;
  onChange: (changed: Partial<SpecDraft>) => void;
}

/** What the session is called, and how it stands among others. */
export function SessionFields({ draft, errors, onChange }: SpecFieldsProps) {
  return (
    <Panel title="Session">
      <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,2fr)_104px] items-start gap-3 phone:grid-cols-1">
        <Field label="Name" hint="lower-case letters, digits, dots and hyphens" invalid={errors.name}>
          <Input
            value={draft.name}
            onChange={(event) => onChange({ name: event.target.value })}
            maxLength={63}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field label="Labels" hint="name=value, separated by commas" invalid={errors.labels}>
          <Input
            value={draft.labels}
            onChange={(event) => onChange({ labels: event.target.value })}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field label="Priority" hint="0 is usual" invalid={errors.priority}>
          <Input
            value={draft.priority}
            onChange={(event) => onChange({ priority: event.target.value })}
            inputMode="numeric"
            maxLength={4}
            autoComplete="off"
          />
        </Field>
      </div>
    </Panel>
  );
}

const timeouts = [
  { key: 'queueMs', label: 'In the queue' },
  { key: 'provisionMs', label: 'Until ready' },
  { key: 'testMs', label: 'The driver runs' },
] as const;

/** What the driver is told, and how long everything may take. */
export function ScenarioFields({ draft, errors, onChange }: SpecFieldsProps) {
  return (
    <Panel title="Scenario and timeouts">
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,240px)] items-start gap-4 phone:grid-cols-1">
        <Field label="Scenario" hint="JSON, given to the driver in SCENARIO_JSON" invalid={errors.scenario}>
          <Textarea
            rows={8}
            value={draft.scenario}
            onChange={(event) => onChange({ scenario: event.target.value })}
            spellCheck={false}
            className="font-mono text-12!"
          />
        </Field>
        <div className="grid gap-3">
          {timeouts.map(({ key, label }) => (
            <Field
              key={key}
              label={label}
              hint={/^(0|none)?$/i.test(draft.timeouts[key].trim()) ? 'none: as long as it takes' : 'at most'}
              invalid={errors[`timeouts.${key}`]}
            >
              <Input
                value={draft.timeouts[key]}
                placeholder="none"
                onChange={(event) => onChange({ timeouts: { ...draft.timeouts, [key]: event.target.value } })}
                autoComplete="off"
                spellCheck={false}
              />
            </Field>
          ))}
        </div>
      </div>
    </Panel>
  );
}
