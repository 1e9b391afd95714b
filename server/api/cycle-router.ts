import {
  abortCycleSchema,
  cycleActionSchema,
  cycleInstanceActionSchema,
  cycleListSchema,
  extendDrainSchema,
  type OrderReceipt,
} from '../contract/cycle.ts';
import type { Viewer } from '../contract/people.ts';
import type { CycleService } from '../services/cycle-service.ts';
import { type Context, operatorProcedure, router, viewerProcedure } from './trpc.ts';

type Asked = Context & { readonly viewer: Viewer };
type Action = Parameters<CycleService['act']>[1];
type InstanceAction = Parameters<CycleService['onInstance']>[2];

async function act(ctx: Asked, cycleId: string, action: Action): Promise<OrderReceipt> {
  await ctx.services.cycles.act(cycleId, action, ctx.viewer, ctx.requestId);
  return { requestId: ctx.requestId };
}

async function onInstance(
  ctx: Asked,
  input: { readonly cycleId: string; readonly instanceId: string; readonly byMs?: number },
  action: InstanceAction,
): Promise<OrderReceipt> {
  const { cycleId, instanceId, byMs } = input;
  await ctx.services.cycles.onInstance(cycleId, instanceId, action, ctx.viewer, ctx.requestId, byMs);
  return { requestId: ctx.requestId };
}

export const cycleRouter = router({
  list: viewerProcedure.input(cycleListSchema).query(({ ctx, input }) => ctx.services.cycles.list(input)),
  byId: viewerProcedure
    .input(cycleActionSchema)
    .query(({ ctx, input }) => ctx.services.cycles.byId(input.cycleId, ctx.viewer)),
  history: viewerProcedure
    .input(cycleActionSchema)
    .query(({ ctx, input }) => ctx.services.cycles.history(input.cycleId)),
  pause: operatorProcedure.input(cycleActionSchema).mutation(({ ctx, input }) => act(ctx, input.cycleId, 'pause')),
  resume: operatorProcedure.input(cycleActionSchema).mutation(({ ctx, input }) => act(ctx, input.cycleId, 'resume')),
  abort: operatorProcedure
    .input(abortCycleSchema)
    .mutation(({ ctx, input }) => act(ctx, input.cycleId, input.mode === 'stop-now' ? 'stop-now' : 'abort')),
  endAsFailed: operatorProcedure
    .input(cycleActionSchema)
    .mutation(({ ctx, input }) => act(ctx, input.cycleId, 'end-as-failed')),
  retryInstance: operatorProcedure
    .input(cycleInstanceActionSchema)
    .mutation(({ ctx, input }) => onInstance(ctx, input, 'retry-instance')),
  skipInstance: operatorProcedure
    .input(cycleInstanceActionSchema)
    .mutation(({ ctx, input }) => onInstance(ctx, input, 'skip-instance')),
  extendDrain: operatorProcedure
    .input(extendDrainSchema)
    .mutation(({ ctx, input }) => onInstance(ctx, input, 'extend-drain')),
  forceDrain: operatorProcedure
    .input(cycleInstanceActionSchema)
    .mutation(({ ctx, input }) => onInstance(ctx, input, 'force-drain')),
});
