import type { OrderReceipt } from '../contract/cycle.ts';
import { keepSessionSchema, sessionByIdSchema, sessionListSchema, submitSessionSchema } from '../contract/session.ts';
import { operatorProcedure, router, viewerProcedure } from './trpc.ts';

export const sessionRouter = router({
  list: viewerProcedure
    .input(sessionListSchema)
    .query(({ ctx, input }) => ctx.services.sessions.list(input, ctx.viewer)),
  byId: viewerProcedure
    .input(sessionByIdSchema)
    .query(({ ctx, input }) => ctx.services.sessions.byId(input.sessionId, ctx.viewer)),
  /** Answers with the id. */
  submit: operatorProcedure
    .input(submitSessionSchema)
    .mutation(({ ctx, input }) => ctx.services.sessions.submit(input.spec, ctx.viewer, ctx.requestId)),
  /** Answers with the id of the new session. */
  runAgain: operatorProcedure
    .input(sessionByIdSchema)
    .mutation(({ ctx, input }) => ctx.services.sessions.runAgain(input.sessionId, ctx.viewer, ctx.requestId)),
  cancel: operatorProcedure.input(sessionByIdSchema).mutation(async ({ ctx, input }): Promise<OrderReceipt> => {
    await ctx.services.sessions.cancel(input.sessionId, ctx.viewer, ctx.requestId);
    return { requestId: ctx.requestId };
  }),
  finish: operatorProcedure.input(sessionByIdSchema).mutation(async ({ ctx, input }): Promise<OrderReceipt> => {
    await ctx.services.sessions.finish(input.sessionId, ctx.viewer, ctx.requestId);
    return { requestId: ctx.requestId };
  }),
  keep: operatorProcedure.input(keepSessionSchema).mutation(async ({ ctx, input }): Promise<OrderReceipt> => {
    await ctx.services.sessions.keep(input.sessionId, input.forMs, ctx.viewer, ctx.requestId);
    return { requestId: ctx.requestId };
  }),
  stopKeeping: operatorProcedure.input(sessionByIdSchema).mutation(async ({ ctx, input }): Promise<OrderReceipt> => {
    await ctx.services.sessions.stopKeeping(input.sessionId, ctx.viewer, ctx.requestId);
    return { requestId: ctx.requestId };
  }),
});
