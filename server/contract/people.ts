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
