import type { SettingDrift, SettingView } from '@/server/contract/cycle';
import type { SettingName } from '@/server/domain/cycle/settings.ts';

/** What one setting is at, for those who want to know what is left to put back. */
export type SettingStanding = 'drifted' | 'pending' | 'changed' | 'left' | 'restored';

export function standingOf({ pending, changed, drifted, overtaken }: SettingView): SettingStanding {
  if (drifted.length > 0) return 'drifted';
  if (pending > 0) return 'pending';
  if (changed > 0) return 'changed';
  return overtaken.length > 0 ? 'left' : 'restored';
}

/** "Autoscaling is suspended." "24 instances are closed to new work; 3 are open again, 5 gone." */
export function settingSentence(setting: SettingView): string {
  const { name, pending, changed, restored, gone } = setting;
  if (name === 'autoscaling') {
    if (changed > 0) return 'Autoscaling is suspended.';
    if (pending > 0) return 'Autoscaling is being suspended.';
    return restored > 0 ? 'Autoscaling was suspended, and is active again.' : 'Autoscaling was suspended.';
  }
  const present = changed + pending;
  const ended = [
    ...(restored > 0 ? [`${restored} ${restored === 1 ? 'is' : 'are'} ${BACK[name]}`] : []),
    ...(gone > 0 ? [`${gone} ${gone === 1 ? 'has' : 'have'} gone with it`] : []),
  ].join(', ');
  if (present > 0) return `${instances(present)} ${verb(present)} ${DONE[name]}${ended === '' ? '' : `; ${ended}`}.`;
  const all = restored + gone + setting.overtaken.length;
  return `${instances(all)} ${all === 1 ? 'was' : 'were'} ${DONE[name]}${ended === '' ? '' : `; ${ended}`}.`;
}

/** Who has changed it, what is done about it: "Autoscaling is active, though the cycle suspended it. It is left so." */
export function driftSentence(name: SettingName, { instanceId, now }: SettingDrift): string {
  const what = instanceId === null ? 'Autoscaling' : `${instanceId}`;
  const is = now ?? 'no longer known';
  return `${what} is ${name === 'protection' && now === 'none' ? 'unprotected' : is}: somebody else has changed it. It is left so.`;
}

const DONE = { closed: 'closed to new work', protection: 'without their protection' } as const;
const BACK = { closed: 'open again', protection: 'protected again' } as const;

function instances(count: number): string {
  return count === 1 ? '1 instance' : `${count} instances`;
}

function verb(count: number): string {
  return count === 1 ? 'is' : 'are';
}
