import { expect, test } from 'vitest';
import { applyClusterEventToHistory, applyCycleEventToHistory, type CycleHistoryView } from './cycle-history.ts';
import type { LiveEvent, LiveEventBody } from './live.ts';

const FROM = 1_000;

const history: CycleHistoryView = {
  from: FROM,
  to: null,
  states: [],
  lanes: [
    { instanceId: 'm-1', role: 'planned', wave: 1, replaces: null, changes: [[0, 'started']], events: [] },
    { instanceId: 'm-2', role: 'planned', wave: 2, replaces: null, changes: [[0, 'unhealthy']], events: [] },
  ],
  clusterId: 'clu_1',
  seq: '1',
  clusterSeq: '1',
};

function event(body: LiveEventBody): LiveEvent {
  return { stream: 'cluster:clu_1', seq: '2', kind: 'changed', body, at: FROM + 500 };
}

function changesAfter(patch: NonNullable<LiveEventBody['patch']>) {
  const after = applyClusterEventToHistory(history, event({ observedAt: FROM + 400, patch }));
  if (after === 'refetch') throw new Error('it was to be read again');
  return { seq: after.clusterSeq, changes: after.lanes.map((lane) => lane.changes) };
}

test('a change of state goes on the lane from when it was so, and one that is not listed any more is gone', () => {
  const changed = [{ id: 'm-1', state: 'draining', stateSince: FROM + 300 }] as const;
  expect(changesAfter({ added: [], changed, gone: ['m-2'] })).toEqual({
    seq: '2',
    changes: [
      [
        [0, 'started'],
        [300, 'draining'],
      ],
      [
        [0, 'unhealthy'],
        [400, 'gone'],
      ],
    ],
  });
});

test('health is a state of those that have started, and nothing else is', () => {
  const changed = [
    { id: 'm-1', health: 'unhealthy' },
    { id: 'm-2', zone: 'b' },
  ] as const;
  expect(changesAfter({ added: [], changed, gone: [] }).changes).toEqual([
    [
      [0, 'started'],
      [400, 'unhealthy'],
    ],
    [[0, 'unhealthy']],
  ]);
  expect(changesAfter({ added: [], changed: [{ id: 'm-2', health: 'healthy' }], gone: [] }).changes[1]?.[1]).toEqual([
    400,
    'started',
  ]);
});

test('what an event does not tell is read again, but not once the cycle has ended', () => {
  expect(applyClusterEventToHistory(history, event({ what: 'facts' }))).toBe('refetch');
  const ended = { ...history, to: FROM + 300 };
  expect(applyClusterEventToHistory(ended, event({ what: 'facts' }))).toEqual({ ...ended, clusterSeq: '2' });
});

test('the history is read again when the cycle ordered something, and not at each turn', () => {
  expect(applyCycleEventToHistory(history, event({ what: 'progress' }))).toEqual({ ...history, seq: '2' });
  expect(applyCycleEventToHistory(history, event({ what: 'intents' }))).toBe('refetch');
});
