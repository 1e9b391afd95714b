import { driftSentence, type SettingStanding, settingSentence, standingOf } from '@/components/cycle/setting-words';
import { Glyph } from '@/components/ui/glyph';
import { List, ListRow } from '@/components/ui/list';
import { Panel } from '@/components/ui/panel';
import type { CycleView } from '@/server/contract/cycle';
import { isActive } from '@/server/domain/cycle/cycle-state.ts';

/** What the cycle has changed of its back end, and whether that is as it was again. Nothing where it changed nothing. */
export function CycleSettings({ cycle: { settings, state } }: { cycle: CycleView }) {
  if (settings.length === 0) return null;
  const open = settings.reduce((sum, { pending, changed }) => sum + pending + changed, 0);
  const note =
    open === 0 ? 'all put back' : isActive(state) ? 'put back when the cycle ends' : `${open} still to be put back`;
  return (
    <Panel title="Settings of the back end" note={note} flush>
      <List label="Settings of the back end">
        {settings.map((setting) => (
          <ListRow
            key={setting.name}
            lead={<Mark standing={standingOf(setting)} />}
            aside={ASIDES[standingOf(setting)]}
          >
            {settingSentence(setting)}
            {[...setting.drifted, ...setting.overtaken].map((drift) => (
              <span key={drift.instanceId} className="block text-12 text-ink-2">
                {driftSentence(setting.name, drift)}
              </span>
            ))}
          </ListRow>
        ))}
      </List>
    </Panel>
  );
}

const ASIDES: Record<SettingStanding, string> = {
  drifted: 'changed by somebody else',
  pending: 'not seen in effect yet',
  changed: 'in effect',
  left: 'left as somebody else set it',
  restored: 'put back',
};

function Mark({ standing }: { standing: SettingStanding }) {
  switch (standing) {
    case 'drifted':
    case 'left':
      return <Glyph shape="triangle" className="text-mark-draining" />;
    case 'pending':
      return <Glyph shape="ring-dashed" className="text-mark-starting" />;
    case 'changed':
      return <Glyph shape="disc-half" className="text-mark-old" />;
    case 'restored':
      return <Glyph shape="tick" className="text-mark-started" />;
  }
}
