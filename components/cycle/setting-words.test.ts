import { describe, expect, test } from 'vitest';
import { driftSentence, settingSentence, standingOf } from '@/components/cycle/setting-words';
import type { SettingView } from '@/server/contract/cycle';

const nothing = { pending: 0, changed: 0, restored: 0, gone: 0, drifted: [], overtaken: [] };
const autoscaling = { ...nothing, name: 'autoscaling', during: 'suspended' } as const;
const closed = { ...nothing, name: 'closed', during: 'closed' } as const;
const protection = { ...nothing, name: 'protection', during: 'none' } as const;
const drift = { instanceId: null, before: 'active', now: 'active' };

test.each<[SettingView, string]>([
  [{ ...autoscaling, pending: 1 }, 'Autoscaling is being suspended.'],
  [{ ...autoscaling, changed: 1 }, 'Autoscaling is suspended.'],
  [{ ...autoscaling, restored: 1 }, 'Autoscaling was suspended, and is active again.'],
  [{ ...closed, changed: 24 }, '24 instances are closed to new work.'],
  [
    { ...closed, changed: 1, restored: 3, gone: 5 },
    '1 instance is closed to new work; 3 are open again, 5 have gone with it.',
  ],
  [{ ...closed, restored: 1 }, '1 instance was closed to new work; 1 is open again.'],
  [{ ...protection, gone: 2 }, '2 instances were without their protection; 2 have gone with it.'],
])('%j: %s', (setting, sentence) => {
  expect(settingSentence(setting)).toBe(sentence);
});

test.each<[SettingView, ReturnType<typeof standingOf>]>([
  [{ ...autoscaling, changed: 1, drifted: [drift] }, 'drifted'],
  [{ ...autoscaling, pending: 1 }, 'pending'],
  [{ ...autoscaling, changed: 1 }, 'changed'],
  [{ ...autoscaling, overtaken: [drift] }, 'left'],
  [{ ...autoscaling, restored: 1 }, 'restored'],
])('%j is %s', (setting, standing) => {
  expect(standingOf(setting)).toBe(standing);
});

describe('a drift', () => {
  test('is told with the value of now', () => {
    expect(driftSentence('autoscaling', drift)).toBe(
      'Autoscaling is active: somebody else has changed it. It is left so.',
    );
    expect(driftSentence('protection', { instanceId: 'm-1', before: 'protected', now: 'standby' })).toBe(
      'm-1 is standby: somebody else has changed it. It is left so.',
    );
  });
});
