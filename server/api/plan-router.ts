import { z } from 'zod';
import { createPlanSchema, planDecisionSchema, planListSchema } from '../contract/plan.ts';
import { operatorProcedure, router, viewerProcedure } from './trpc.ts';

const planSchema = z.object({ planId: z.string() });

export const planRouter = router({
  list: viewerProcedure.input(planListSchema).query(({ ctx, input }) => ctx.services.plans.list(input)),
  byId: viewerProcedure.input(planSchema).query(({ ctx, input }) => ctx.services.plans.byId(input.planId, ctx.viewer)),
  create: operatorProcedure
    .input(createPlanSchema)
    .mutation(({ ctx, input }) => ctx.services.plans.create(input, ctx.viewer, ctx.requestId)),
  approve: operatorProcedure
    .input(planDecisionSchema)
    .mutation(({ ctx, input, signal }) =>
      ctx.services.plans.approve(input, ctx.viewer, ctx.requestId, signal ?? AbortSignal.timeout(30_000)),
    ),
  reject: operatorProcedure
    .input(planDecisionSchema)
    .mutation(({ ctx, input }) => ctx.services.plans.reject(input, ctx.viewer, ctx.requestId)),
  withdraw: operatorProcedure
    .input(planDecisionSchema)
    .mutation(({ ctx, input }) => ctx.services.plans.withdraw(input, ctx.viewer, ctx.requestId)),
});
