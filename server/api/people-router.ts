import {
  acceptInvitationSchema,
  invitationSchema,
  inviteSchema,
  personSchema,
  readInvitationSchema,
  setRoleSchema,
} from '../contract/people-inputs.ts';
import { administratorProcedure, publicProcedure, router, viewerProcedure } from './trpc.ts';

export const peopleRouter = router({
  me: viewerProcedure.query(({ ctx }) => ctx.viewer),
  list: viewerProcedure.query(({ ctx }) => ctx.services.people.list()),
  invitations: administratorProcedure.query(({ ctx }) => ctx.services.people.invitations()),
  invite: administratorProcedure
    .input(inviteSchema)
    .mutation(({ ctx, input }) => ctx.services.people.invite(input, ctx)),
  revoke: administratorProcedure
    .input(invitationSchema)
    .mutation(({ ctx, input }) => ctx.services.people.revoke(input.invitationId, ctx)),
  setRole: administratorProcedure
    .input(setRoleSchema)
    .mutation(({ ctx, input }) => ctx.services.people.setRole(input.userId, input.role, ctx)),
  disable: administratorProcedure
    .input(personSchema)
    .mutation(({ ctx, input }) => ctx.services.people.disable(input.userId, ctx)),
  enable: administratorProcedure
    .input(personSchema)
    .mutation(({ ctx, input }) => ctx.services.people.enable(input.userId, ctx)),
  // A mutation, so that the secret stays out of addresses and their logs.
  readInvitation: publicProcedure
    .input(readInvitationSchema)
    .mutation(({ ctx, input }) => ctx.services.people.readInvitation(input.token)),
  accept: publicProcedure
    .input(acceptInvitationSchema)
    .mutation(({ ctx, input }) => ctx.services.people.accept(input, ctx.requestId)),
});
