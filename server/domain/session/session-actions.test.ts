import { expect, test } from 'vitest';
import { SESSION_STATES } from './session.ts';
import { SESSION_ACTIONS, type SessionAction } from './session-actions.ts';

/** By state, in this order: cancel, finish, keep, stop-keeping, run-again. */
const ORDER: readonly SessionAction[] = ['cancel', 'finish', 'keep', 'stop-keeping', 'run-again'];
const ALLOWED = {
  queued: 'c....',
  accepted: 'c.k..',
  provisioning: 'c.k..',
  running: 'cfk..',
  keeping: '..ksr',
  cleaning: '....r',
  ended: '....r',
} satisfies Record<(typeof SESSION_STATES)[number], string>;

test.each(SESSION_STATES)(
  'a session that is %s allows what the table says, and gives a reason for the rest',
  (state) => {
    for (const [index, action] of ORDER.entries()) {
      const allowed = SESSION_ACTIONS[state][action];
      if (ALLOWED[state][index] === '.') expect(allowed).toMatch(/\w+ \w+/);
      else expect(allowed).toBe(true);
    }
  },
);
