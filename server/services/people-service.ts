import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { InvitationView, PersonView, Role, Viewer } from '../contract/people.ts';
import type { acceptInvitationSchema, inviteSchema } from '../contract/people-inputs.ts';
import type { ActivityEntry } from '../domain/activity/activity.ts';
import { DomainError } from '../domain/errors.ts';

/** The people and their invitations. */
export interface People {
  list(): Promise<readonly PersonView[]>;
  invitations(now: number): Promise<readonly InvitationView[]>;
  hasAdministrator(): Promise<boolean>;
  /** Works in one transaction; one at a time in the whole installation, so that a rule that counts people holds. */
  inOrder<T>(work: (people: PeopleTransaction) => Promise<T>): Promise<T>;
}

export interface PeopleTransaction {
  find(userId: string): Promise<PersonRecord | null>;
  findByEmail(email: string): Promise<PersonRecord | null>;
  administrators(): Promise<readonly PersonRecord[]>;
  create(person: { id: string; name: string; email: string; role: Role; passwordHash: string }): Promise<void>;
  setRole(userId: string, role: Role): Promise<void>;
  setDisabledAt(userId: string, at: number | null): Promise<void>;
  endSessions(userId: string): Promise<void>;
  openInvitation(tokenHash: string, now: number): Promise<InvitationRecord | null>;
  findInvitation(invitationId: string): Promise<InvitationRecord | null>;
  createInvitation(invitation: NewInvitation): Promise<void>;
  consumeInvitation(invitationId: string, personId: string, now: number): Promise<void>;
  revokeInvitation(invitationId: string, now: number): Promise<void>;
  /** Revokes all open ones that this person made. */
  revokeInvitationsOf(userId: string, now: number): Promise<void>;
  record(entry: ActivityEntry): Promise<void>;
}

export interface PersonRecord {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly disabledAt: number | null;
}

export interface InvitationRecord {
  readonly id: string;
  readonly role: Role;
  readonly label: string;
  /** null: the link of the first sign-in, which counts only while there is no administrator. */
  readonly invitedBy: string | null;
}

export interface NewInvitation extends InvitationRecord {
  readonly tokenHash: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** A person who asks for a change, and the request by which they do. */
export interface Asker {
  readonly viewer: Viewer;
  readonly requestId: string;
}

const FIRST_SIGN_IN_MS = 15 * 60_000;
const INVITATION_MS = 7 * 24 * 3_600_000;

export class PeopleService {
  readonly #people: People;
  readonly #hashPassword: (password: string) => Promise<string>;
  readonly #now: () => number;

  constructor(people: People, hashPassword: (password: string) => Promise<string>, now: () => number) {
    this.#people = people;
    this.#hashPassword = hashPassword;
    this.#now = now;
  }

  list(): Promise<readonly PersonView[]> {
    return this.#people.list();
  }

  invitations(): Promise<readonly InvitationView[]> {
    return this.#people.invitations(this.#now());
  }

  /** Whether anybody was made administrator yet; until then only the link of the first sign-in lets people in. */
  hasAdministrator(): Promise<boolean> {
    return this.#people.hasAdministrator();
  }

  /** The secret of a link that makes the first administrator; null when there is one already. */
  firstSignIn(): Promise<string | null> {
    return this.#people.inOrder(async (people) => {
      if ((await people.administrators()).length > 0) return null;
      const invitation = { role: 'administrator', label: '', invitedBy: null } as const;
      return (await this.#createInvitation(people, invitation, FIRST_SIGN_IN_MS)).token;
    });
  }

  /** Makes an invitation and returns its secret, which is not stored and cannot be shown again. */
  invite(input: z.output<typeof inviteSchema>, { viewer, requestId }: Asker): Promise<{ token: string }> {
    return this.#people.inOrder(async (people) => {
      const { id, token } = await this.#createInvitation(people, { ...input, invitedBy: viewer.id }, INVITATION_MS);
      await people.record({
        actor: viewer,
        verb: 'invited',
        object: { kind: 'invitation', id, name: invitationName(input) },
        after: { role: input.role },
        requestId,
      });
      return { token };
    });
  }

  revoke(invitationId: string, { viewer, requestId }: Asker): Promise<void> {
    return this.#people.inOrder(async (people) => {
      const invitation = await people.findInvitation(invitationId);
      if (invitation === null) throw new DomainError('NOT_FOUND', { kind: 'invitation', id: invitationId });
      await people.revokeInvitation(invitationId, this.#now());
      await people.record({
        actor: viewer,
        verb: 'revoked the invitation of',
        object: { kind: 'invitation', id: invitationId, name: invitationName(invitation) },
        requestId,
      });
    });
  }

  /** What the link gives, for the page that asks for a name and a password. */
  readInvitation(token: string): Promise<{ role: Role; first: boolean }> {
    return this.#people.inOrder(async (people) => {
      const { role, invitedBy } = await this.#usableInvitation(people, token);
      return { role, first: invitedBy === null };
    });
  }

  /** Makes the account and uses up the link, both or neither. */
  async accept(input: z.output<typeof acceptInvitationSchema>, requestId: string): Promise<void> {
    // Before the slow hash, so that guessing costs the guesser more than us.
    await this.readInvitation(input.token);
    const passwordHash = await this.#hashPassword(input.password);
    await this.#people.inOrder(async (people) => {
      const invitation = await this.#usableInvitation(people, input.token);
      const email = input.email.toLowerCase();
      if ((await people.findByEmail(email)) !== null) {
        throw new DomainError('INVALID_INPUT', {
          field: 'email',
          message: 'somebody has an account with this address',
        });
      }
      const person = { id: randomUUID(), name: input.name, email, role: invitation.role, passwordHash };
      await people.create(person);
      await people.consumeInvitation(invitation.id, person.id, this.#now());
      await people.record({
        actor: person,
        verb: 'joined',
        object: { kind: 'person', id: person.id, name: person.name },
        after: { role: person.role },
        requestId,
      });
    });
  }

  setRole(userId: string, role: Role, { viewer, requestId }: Asker): Promise<void> {
    return this.#people.inOrder(async (people) => {
      const person = await findPerson(people, userId);
      if (person.role === role) return;
      if (person.role === 'administrator') {
        await refuseLastAdministrator(people, userId);
        await people.revokeInvitationsOf(userId, this.#now());
      }
      await people.setRole(userId, role);
      await people.record({
        actor: viewer,
        verb: 'changed the role of',
        object: { kind: 'person', id: person.id, name: person.name },
        before: { role: person.role },
        after: { role },
        requestId,
      });
    });
  }

  /** Ends the person's sessions, and revokes the open invitations that they made. */
  disable(userId: string, { viewer, requestId }: Asker): Promise<void> {
    return this.#people.inOrder(async (people) => {
      const person = await findPerson(people, userId);
      if (person.disabledAt !== null) return;
      await refuseLastAdministrator(people, userId);
      await people.setDisabledAt(userId, this.#now());
      await people.endSessions(userId);
      await people.revokeInvitationsOf(userId, this.#now());
      const object = { kind: 'person', id: person.id, name: person.name };
      await people.record({ actor: viewer, verb: 'disabled', object, requestId });
    });
  }

  enable(userId: string, { viewer, requestId }: Asker): Promise<void> {
    return this.#people.inOrder(async (people) => {
      const person = await findPerson(people, userId);
      if (person.disabledAt === null) return;
      await people.setDisabledAt(userId, null);
      const object = { kind: 'person', id: person.id, name: person.name };
      await people.record({ actor: viewer, verb: 'enabled', object, requestId });
    });
  }

  async #createInvitation(
    people: PeopleTransaction,
    invitation: Omit<InvitationRecord, 'id'>,
    validMs: number,
  ): Promise<{ id: string; token: string }> {
    const id = randomUUID();
    const token = randomBytes(32).toString('base64url');
    const createdAt = this.#now();
    await people.createInvitation({
      ...invitation,
      id,
      tokenHash: hashOf(token),
      createdAt,
      expiresAt: createdAt + validMs,
    });
    return { id, token };
  }

  async #usableInvitation(people: PeopleTransaction, token: string): Promise<InvitationRecord> {
    const invitation = await people.openInvitation(hashOf(token), this.#now());
    const isTooLate = invitation?.invitedBy === null && (await people.administrators()).length > 0;
    if (invitation === null || isTooLate) throw new DomainError('INVITATION_INVALID', {});
    return invitation;
  }
}

async function findPerson(people: PeopleTransaction, userId: string): Promise<PersonRecord> {
  const person = await people.find(userId);
  if (person === null) throw new DomainError('NOT_FOUND', { kind: 'person', id: userId });
  return person;
}

/** Refuses to take the last administrator who can sign in. */
async function refuseLastAdministrator(people: PeopleTransaction, userId: string): Promise<void> {
  const able = (await people.administrators()).filter((person) => person.disabledAt === null);
  if (able.length === 1 && able[0]?.id === userId) {
    throw new DomainError('CONFLICT', {
      kind: 'person',
      id: userId,
      message: 'this is the last administrator: make somebody else an administrator first',
    });
  }
}

function invitationName({ label, role }: { label: string; role: Role }): string {
  return label === '' ? `a new ${role}` : label;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
