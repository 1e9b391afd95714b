import { expect, test } from 'vitest';
import { holderHref, holders } from '@/components/cluster/holders';

const session = { name: 'session nightly', since: 1, holder: { reservationId: 'res_1', sessionId: 'ses_1' } };
const person = { name: 'reserved by Ada', since: 1, holder: { reservationId: 'res_2', sessionId: null } };
const job = { name: 'job-7', since: 1 };

test('a session leads to its page, a reservation of a person to its row, and work of the back end nowhere', () => {
  expect([session, person, job].map(holderHref)).toEqual(['/sessions/ses_1', '/reservations?q=res_2', null]);
});

test('only sessions and people hold a machine', () => {
  expect(holders({ workloads: [job, session, person] })).toEqual([session, person]);
  expect(holders({})).toEqual([]);
});
