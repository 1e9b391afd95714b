import type { ReactNode } from 'react';
import { Note } from '@/components/ui/banner';
import { Button, ButtonLink } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Glyph } from '@/components/ui/glyph';
import { Panel } from '@/components/ui/panel';
import type { Knobs, PlanBody, PreviewCheck } from '@/server/domain/approval/plan';

interface ChecksProps {
  body: PlanBody;
  isTicked: (check: PreviewCheck) => boolean;
  onTick: (check: PreviewCheck, ticked: boolean) => void;
  /** Sets these knobs; null where they are not to be moved here. */
  onFix: ((knobs: Knobs) => void) | null;
  /** The cycle that stands in the way, where one does. */
  activeCycleId: string | null;
}

/** What stands in the way, with the changes that solve it, and what the author must have read. */
export function Checks({ body, isTicked, onTick, onFix, activeCycleId }: ChecksProps) {
  return (
    <ChecksPanel body={body} title="Before it can start" aside="changes nothing, holds no lock">
      {body.checks.map((check) => {
        const actions = (
          <>
            {onFix !== null &&
              check.fixes.map((fix) => (
                <Button key={fix.label} size="small" onClick={() => onFix(fix.knobs)}>
                  {fix.label}
                </Button>
              ))}
            {check.id === 'active-cycle' && activeCycleId !== null && (
              <ButtonLink size="small" href={`/cycles/${activeCycleId}`}>
                Watch it
              </ButtonLink>
            )}
          </>
        );
        return check.level === 'blocker' ? (
          <Note key={check.id} tone="bad" detail={check.source} actions={actions}>
            <b className="mr-2 font-medium text-bad" aria-hidden="true">
              Blocker
            </b>
            {check.sentence}
          </Note>
        ) : (
          <Note key={check.id} tone="warn" actions={actions}>
            <Checkbox checked={isTicked(check)} onChange={(event) => onTick(check, event.target.checked)}>
              <CheckText check={check} />
            </Checkbox>
          </Note>
        );
      })}
    </ChecksPanel>
  );
}

/** The same of a frozen plan: its warnings were ticked by its author. */
export function FrozenChecks({ body }: { body: PlanBody }) {
  return (
    <ChecksPanel body={body} title="Checks" aside="as its author saw them">
      {body.checks.map((check) => (
        <Note key={check.id} tone="warn">
          <span className="inline-flex items-start gap-2">
            <Glyph shape="tick" className="mt-1 text-ink-3" />
            <CheckText check={check} />
          </span>
        </Note>
      ))}
    </ChecksPanel>
  );
}

function CheckText({ check }: { check: PreviewCheck }) {
  return (
    <span>
      {check.sentence}
      <span className="block text-12 text-ink-3">{check.source}</span>
    </span>
  );
}

interface ChecksPanelProps {
  body: PlanBody;
  title: string;
  aside: string;
  children: ReactNode;
}

function ChecksPanel({ body, title, aside, children }: ChecksPanelProps) {
  const { checks, checksMade } = body;
  return (
    <Panel title={title} note={`${checksMade} checks, ${checksMade - checks.length} passed`} aside={aside} flush>
      {checks.length === 0 ? (
        <p className="flex items-center gap-3 px-4 py-2">
          <Glyph shape="tick" className="text-mark-started" />
          Nothing stands in the way.
        </p>
      ) : (
        children
      )}
    </Panel>
  );
}
