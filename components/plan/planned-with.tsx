import {
  type KnobKey,
  knobKeys,
  knobLabels,
  knobNone,
  knobWords,
  shownKnobs,
  storedKnobs,
  withKnobs,
} from '@/components/plan/knobs';
import { Panel } from '@/components/ui/panel';
import type { PlanBody } from '@/server/domain/approval/plan';

/** The values that a frozen plan was made with; those that its author had changed are marked. */
export function PlannedWith({ body }: { body: PlanBody }) {
  const shown = shownKnobs(body.config, body.policy);
  const asked = withKnobs(storedKnobs, body.knobs);
  const changed = knobKeys.filter((key) => asked[key] !== null).length;
  return (
    <Panel title="Planned with" note={changed === 0 ? 'all as stored then' : `${changed} changed by the author`}>
      <dl className="grid grid-cols-4 gap-x-4 gap-y-3 narrow:grid-cols-3 phone:grid-cols-2">
        {knobKeys.map((key) => (
          <div key={key} className={key === 'order' ? 'col-span-2' : undefined}>
            <dt className="text-12 text-ink-3">{knobLabels[key]}</dt>
            <dd>
              {text(key, shown[key])}
              {asked[key] !== null && <span className="text-12 text-info"> changed</span>}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function text(key: KnobKey, shown: string): string {
  return shown === '' ? knobNone[key] : knobWords(key, shown);
}
