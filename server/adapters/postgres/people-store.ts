import { type InvitationView, type PersonView, type Role, roles } from '../../contract/people.ts';
import type { ActivityEntry } from '../../domain/activity/activity.ts';
import { recordActivity } from './activity-log.ts';
import type { Invitation, Prisma, PrismaClient, User } from './generated/client.ts';

/** Any number that nobody else locks. */
const PEOPLE_LOCK = 7_726_872;

export class PostgresPeople {
  readonly #database: PrismaClient;

  constructor(database: PrismaClient) {
    this.#database = database;
  }

  async list(): Promise<readonly PersonView[]> {
    const rows = await this.#database.user.findMany({
      include: { sessions: { orderBy: { updatedAt: 'desc' }, take: 1 } },
      orderBy: { name: 'asc' },
    });
    return rows.map((row) => ({
      ...person(row),
      createdAt: row.createdAt.getTime(),
      lastSeenAt: row.sessions[0]?.updatedAt.getTime() ?? null,
    }));
  }

  /** The newest first, those of first sign-ins left out. */
  async invitations(now: number): Promise<readonly InvitationView[]> {
    const rows = await this.#database.invitation.findMany({
      where: { invitedBy: { not: null } },
      orderBy: { createdAt: 'desc' },
      take: 100,
    });
    const inviters = await this.#database.user.findMany({
      where: { id: { in: rows.flatMap((row) => row.invitedBy ?? []) } },
      select: { id: true, name: true },
    });
    const names = new Map(inviters.map(({ id, name }) => [id, name]));
    return rows.map((row) => ({
      id: row.id,
      role: parseRole(row.role),
      label: row.label,
      createdAt: row.createdAt.getTime(),
      expiresAt: row.expiresAt.getTime(),
      invitedByName: names.get(row.invitedBy ?? '') ?? null,
      state: invitationState(row, now),
    }));
  }

  async hasAdministrator(): Promise<boolean> {
    return (await this.#database.user.count({ where: { role: 'administrator' satisfies Role } })) > 0;
  }

  inOrder<T>(work: (people: PostgresPeopleTransaction) => Promise<T>): Promise<T> {
    return this.#database.$transaction(async (tx) => {
      await tx.$executeRaw`select pg_advisory_xact_lock(${PEOPLE_LOCK})`;
      return work(new PostgresPeopleTransaction(tx));
    });
  }
}

class PostgresPeopleTransaction {
  readonly #tx: Prisma.TransactionClient;

  constructor(tx: Prisma.TransactionClient) {
    this.#tx = tx;
  }

  async find(id: string) {
    const row = await this.#tx.user.findUnique({ where: { id } });
    return row && person(row);
  }

  async findByEmail(email: string) {
    const row = await this.#tx.user.findUnique({ where: { email } });
    return row && person(row);
  }

  async administrators() {
    const rows = await this.#tx.user.findMany({ where: { role: 'administrator' satisfies Role } });
    return rows.map(person);
  }

  /** The account is the one that the sign-in adapter looks for: its id is the person's own. */
  async create({ id, name, email, role, passwordHash }: NewPerson): Promise<void> {
    const accounts = { create: { id, accountId: id, providerId: 'credential', password: passwordHash } };
    await this.#tx.user.create({ data: { id, name, email, role, accounts } });
  }

  async setRole(id: string, role: Role): Promise<void> {
    await this.#tx.user.update({ where: { id }, data: { role } });
  }

  async setDisabledAt(id: string, at: number | null): Promise<void> {
    await this.#tx.user.update({ where: { id }, data: { disabledAt: at === null ? null : new Date(at) } });
  }

  async endSessions(userId: string): Promise<void> {
    await this.#tx.authSession.deleteMany({ where: { userId } });
  }

  async openInvitation(tokenHash: string, now: number) {
    const row = await this.#tx.invitation.findUnique({ where: { tokenHash } });
    return row !== null && invitationState(row, now) === 'open' ? invitation(row) : null;
  }

  async findInvitation(id: string) {
    const row = await this.#tx.invitation.findUnique({ where: { id } });
    return row && invitation(row);
  }

  async createInvitation({ createdAt, expiresAt, ...rest }: NewInvitationRow): Promise<void> {
    await this.#tx.invitation.create({
      data: { ...rest, createdAt: new Date(createdAt), expiresAt: new Date(expiresAt) },
    });
  }

  async consumeInvitation(id: string, personId: string, now: number): Promise<void> {
    await this.#tx.invitation.update({ where: { id }, data: { consumedAt: new Date(now), consumedBy: personId } });
  }

  async revokeInvitation(id: string, now: number): Promise<void> {
    await this.#tx.invitation.updateMany({
      where: { id, consumedAt: null, revokedAt: null },
      data: { revokedAt: new Date(now) },
    });
  }

  async revokeInvitationsOf(userId: string, now: number): Promise<void> {
    await this.#tx.invitation.updateMany({
      where: { invitedBy: userId, consumedAt: null, revokedAt: null },
      data: { revokedAt: new Date(now) },
    });
  }

  record(entry: ActivityEntry): Promise<void> {
    return recordActivity(this.#tx, entry);
  }
}

interface NewPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly passwordHash: string;
}

interface NewInvitationRow {
  readonly id: string;
  readonly tokenHash: string;
  readonly role: Role;
  readonly label: string;
  readonly invitedBy: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
}

function person(row: User) {
  const { id, name, email } = row;
  return { id, name, email, role: parseRole(row.role), disabledAt: row.disabledAt?.getTime() ?? null };
}

function invitation({ id, role, label, invitedBy }: Invitation) {
  return { id, role: parseRole(role), label, invitedBy };
}

function invitationState(row: Invitation, now: number): InvitationView['state'] {
  if (row.consumedAt !== null) return 'used';
  if (row.revokedAt !== null) return 'revoked';
  return row.expiresAt.getTime() <= now ? 'expired' : 'open';
}

function parseRole(text: string): Role {
  const role = roles.find((known) => known === text);
  if (role === undefined) throw new Error(`unknown role ${text}`);
  return role;
}
