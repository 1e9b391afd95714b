import type { SessionState } from './session.ts';

export type SessionAction = 'cancel' | 'finish' | 'keep' | 'stop-keeping' | 'run-again';

/** `true`, or the reason why the action is not offered, shown as text beside the disabled button. */
type Allowed = true | string;

const OVER = 'this session is over';
const NOT_KEPT = 'nothing of it is kept';
const NOT_RUNNING = 'its driver does not run yet; cancel it instead';
const GOES_ON = 'it goes on; wait for its end, or cancel it';

/** The one table of what may be done with a session: buttons, procedures and runner read it. */
export const SESSION_ACTIONS: Record<SessionState, Record<SessionAction, Allowed>> = {
  queued: {
    cancel: true,
    finish: 'it waits for machines; cancel it instead',
    keep: 'it holds no machines yet',
    'stop-keeping': NOT_KEPT,
    'run-again': GOES_ON,
  },
  accepted: { cancel: true, finish: NOT_RUNNING, keep: true, 'stop-keeping': NOT_KEPT, 'run-again': GOES_ON },
  provisioning: { cancel: true, finish: NOT_RUNNING, keep: true, 'stop-keeping': NOT_KEPT, 'run-again': GOES_ON },
  running: { cancel: true, finish: true, keep: true, 'stop-keeping': NOT_KEPT, 'run-again': GOES_ON },
  keeping: { cancel: OVER, finish: OVER, keep: true, 'stop-keeping': true, 'run-again': true },
  cleaning: {
    cancel: OVER,
    finish: OVER,
    keep: 'its machines are being cleaned',
    'stop-keeping': NOT_KEPT,
    'run-again': true,
  },
  ended: {
    cancel: OVER,
    finish: OVER,
    keep: 'it holds no machines any more',
    'stop-keeping': NOT_KEPT,
    'run-again': true,
  },
};
