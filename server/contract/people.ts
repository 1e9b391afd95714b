import { z } from 'zod';

export const roles = ['viewer', 'operator', 'administrator'] as const;
export type Role = (typeof roles)[number];

const RANK: Record<Role, number> = { viewer: 0, operator: 1, administrator: 2 };
export function hasRole(role: Role, needed: Role): boolean {
  return RANK[role] >= RANK[needed];
}

export interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

export interface PersonView extends Viewer {
  readonly createdAt: number;
  readonly disabledAt: number | null;
  readonly lastSeenAt: number | null;
}

export interface InvitationView {
  readonly id: string;
  readonly role: Role;
  readonly label: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly invitedByName: string | null;
  readonly state: 'open' | 'used' | 'expired' | 'revoked';
}

export const passwordSchema = z.string().min(12, 'at least 12 characters').max(128);
const tokenSchema = z.string().min(20).max(200);
export const readInvitationSchema = z.object({ token: tokenSchema });
export const acceptInvitationSchema = z.object({
  token: tokenSchema,
  name: z.string().trim().min(1, 'a name is needed').max(100),
  email: z.email('an e-mail address is needed').max(200),
  password: passwordSchema,
});
export const inviteSchema = z.object({ role: z.enum(roles), label: z.string().trim().max(200).default('') });
export const setRoleSchema = z.object({ userId: z.string(), role: z.enum(roles) });
export const personSchema = z.object({ userId: z.string() });
export const invitationSchema = z.object({ invitationId: z.string() });
