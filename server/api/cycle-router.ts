import { abortCycleSchema, cycleActionSchema, cycleInstanceActionSchema, cycleListSchema, extendDrainSchema } from '../contract/cycle.ts';
import { operatorProcedure, router, viewerProcedure } from './trpc.ts';

export const cycleRouter = router({
  list: viewerProcedure.input(cycleListSchema).query(({ ctx, input }) => ctx.services.cycles.list(input)),
  byId: viewerProcedure.input(cycleActionSchema).query(({ ctx, input }) => ctx.services.cycles.byId(input.cycleId, ctx.viewer)),
  pause: operatorProcedure.input(cycleActionSchema).mutation(({ ctx, input }) => ctx.services.cycles.act(input.cycleId, 'pause', ctx.viewer, ctx.requestId)),
  resume: operatorProcedure.input(cycleActionSchema).mutation(({ ctx, input }) => ctx.services.cycles.act(input.cycleId, 'resume', ctx.viewer, ctx.requestId)),
  abort: operatorProcedure
    .input(abortCycleSchema)
    .mutation(({ ctx, input }) =>
      ctx.services.cycles.act(input.cycleId, input.mode === 'stop-now' ? 'stop-now' : 'abort', ctx.viewer, ctx.requestId),
    ),
  endAsFailed: operatorProcedure
    .input(cycleActionSchema)
    .mutation(({ ctx, input }) => ctx.services.cycles.act(input.cycleId, 'end-as-failed', ctx.viewer, ctx.requestId)),
  retryInstance: operatorProcedure
    .input(cycleInstanceActionSchema)
    .mutation(({ ctx, input }) => ctx.services.cycles.onInstance(input.cycleId, input.instanceId, 'retry-instance', ctx.viewer, ctx.requestId)),
  skipInstance: operatorProcedure
    .input(cycleInstanceActionSchema)
    .mutation(({ ctx, input }) => ctx.services.cycles.onInstance(input.cycleId, input.instanceId, 'skip-instance', ctx.viewer, ctx.requestId)),
  extendDrain: operatorProcedure
    .input(extendDrainSchema)
    .mutation(({ ctx, input }) =>
      ctx.services.cycles.onInstance(input.cycleId, input.instanceId, 'extend-drain', ctx.viewer, ctx.requestId, input.byMs),
    ),
  forceDrain: operatorProcedure
    .input(cycleInstanceActionSchema)
    .mutation(({ ctx, input }) => ctx.services.cycles.onInstance(input.cycleId, input.instanceId, 'force-drain', ctx.viewer, ctx.requestId)),
});
