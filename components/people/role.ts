import type { Role } from '@/server/contract/people.ts';

/** What a person of the role may do. */
export const roleSentence = {
  viewer: 'you see everything and change nothing.',
  operator: 'you preview, approve and steer cycles.',
  administrator: 'you also edit clusters and environments, and invite others.',
} satisfies Record<Role, string>;

export const passwordHint = 'At least 12 characters.';
