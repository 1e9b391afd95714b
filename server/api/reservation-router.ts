import type { OrderReceipt } from '../contract/cycle.ts';
import {
  extendReservationSchema,
  handOverSchema,
  reservationByIdSchema,
  reservationListSchema,
  reserveSchema,
} from '../contract/pool.ts';
import { operatorProcedure, router, viewerProcedure } from './trpc.ts';

export const reservationRouter = router({
  list: viewerProcedure
    .input(reservationListSchema)
    .query(({ ctx, input }) => ctx.services.reservations.list(input, ctx.viewer)),
  byId: viewerProcedure
    .input(reservationByIdSchema)
    .query(({ ctx, input }) => ctx.services.reservations.byId(input.reservationId, ctx.viewer)),
  reserve: operatorProcedure
    .input(reserveSchema)
    .mutation(({ ctx, input }) => ctx.services.reservations.reserve(input, ctx.viewer, ctx.requestId)),
  extend: operatorProcedure.input(extendReservationSchema).mutation(async ({ ctx, input }): Promise<OrderReceipt> => {
    await ctx.services.reservations.extend(input.reservationId, input.byMs, ctx.viewer, ctx.requestId);
    return { requestId: ctx.requestId };
  }),
  release: operatorProcedure.input(reservationByIdSchema).mutation(async ({ ctx, input }): Promise<OrderReceipt> => {
    await ctx.services.reservations.release(input.reservationId, ctx.viewer, ctx.requestId);
    return { requestId: ctx.requestId };
  }),
  handOver: operatorProcedure.input(handOverSchema).mutation(async ({ ctx, input }): Promise<OrderReceipt> => {
    await ctx.services.reservations.handOver(input.reservationId, input.userId, ctx.viewer, ctx.requestId);
    return { requestId: ctx.requestId };
  }),
});
