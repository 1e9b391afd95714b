import { expect, test } from 'vitest';
import { draftOf, readDraft } from './environment-draft.ts';

const rules = { selfApproval: true, approvalsNeeded: 1, maxActiveCycles: null };

test.each([
  ['nothing', {}, {}],
  ['a limit', { maxActiveCycles: 2 }, { maxActiveCycles: 2 }],
  ['two at once', { selfApproval: false, approvalsNeeded: 2 }, { selfApproval: false, approvalsNeeded: 2 }],
])('only what differs is sent: %s', (_, changed, changes) => {
  expect(readDraft({ ...draftOf(rules), ...changed }, rules)).toEqual({ changes, errors: {} });
});

test('an emptied limit is none', () => {
  const limited = { ...rules, maxActiveCycles: 2 };
  expect(readDraft({ ...draftOf(limited), maxActiveCycles: null }, limited).changes).toEqual({ maxActiveCycles: null });
});

test.each([
  [{ approvalsNeeded: null }, 'approvalsNeeded'],
  [{ approvalsNeeded: 0 }, 'approvalsNeeded'],
  [{ approvalsNeeded: 11 }, 'approvalsNeeded'],
  [{ maxActiveCycles: 0 }, 'maxActiveCycles'],
  [{ maxActiveCycles: 1_001 }, 'maxActiveCycles'],
])('%j is refused beside its field', (changed, field) => {
  const { changes, errors } = readDraft({ ...draftOf(rules), ...changed }, rules);
  expect(changes).toBeNull();
  expect(Object.keys(errors)).toEqual([field]);
});
