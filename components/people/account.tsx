'use client';

import { signOut } from '@/components/people/sign-in';
import { UserMenu } from '@/components/shell/user-menu';
import type { Role } from '@/server/contract/people.ts';

/** Who is signed in, and the way out. */
export function Account({ name, role }: { name: string; role: Role }) {
  // A full load, so that nothing of this person stays in the page's memory.
  const leave = () => void signOut().then(() => window.location.assign('/sign-in'));
  return <UserMenu name={name} role={role} onSignOut={leave} />;
}
