import { z } from 'zod';
import { roles } from './people.ts';

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
