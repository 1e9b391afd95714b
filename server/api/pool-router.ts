import type { OrderReceipt } from '../contract/cycle.ts';
import {
  availabilitySchema,
  endMaintenanceSchema,
  pausePoolSchema,
  poolByNameSchema,
  startMaintenanceSchema,
} from '../contract/pool.ts';
import { operatorProcedure, router, viewerProcedure } from './trpc.ts';

export const poolRouter = router({
  list: viewerProcedure.query(({ ctx }) => ctx.services.pools.list()),
  byName: viewerProcedure.input(poolByNameSchema).query(({ ctx, input }) => ctx.services.pools.byName(input.name)),
  availability: viewerProcedure
    .input(availabilitySchema)
    .query(({ ctx, input }) => ctx.services.pools.availability(input.wants, input.kind, input.priority)),
  pause: operatorProcedure.input(pausePoolSchema).mutation(async ({ ctx, input }): Promise<OrderReceipt> => {
    await ctx.services.pools.pause(input.name, input.note, ctx.viewer, ctx.requestId);
    return { requestId: ctx.requestId };
  }),
  resume: operatorProcedure.input(poolByNameSchema).mutation(async ({ ctx, input }): Promise<OrderReceipt> => {
    await ctx.services.pools.resume(input.name, ctx.viewer, ctx.requestId);
    return { requestId: ctx.requestId };
  }),
  startMaintenance: operatorProcedure
    .input(startMaintenanceSchema)
    .mutation(async ({ ctx, input }): Promise<OrderReceipt> => {
      await ctx.services.pools.startMaintenance(input, ctx.viewer, ctx.requestId);
      return { requestId: ctx.requestId };
    }),
  endMaintenance: operatorProcedure
    .input(endMaintenanceSchema)
    .mutation(async ({ ctx, input }): Promise<OrderReceipt> => {
      await ctx.services.pools.endMaintenance(input, ctx.viewer, ctx.requestId);
      return { requestId: ctx.requestId };
    }),
});
