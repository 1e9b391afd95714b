import { z } from 'zod';
import { createManySchema, previewManySchema } from '../contract/fleet-plan.ts';
import { createPlanSchema, planDecisionSchema, planListSchema } from '../contract/plan.ts';
import { operatorProcedure, router, viewerProcedure } from './trpc.ts';

const planSchema = z.object({ planId: z.string() });

export const planRouter = router({
  list: viewerProcedure.input(planListSchema).query(({ ctx, input }) => ctx.services.plans.list(input)),
  byId: viewerProcedure.input(planSchema).query(({ ctx, input }) => ctx.services.plans.byId(input.planId, ctx.viewer)),
  /** The dry runs of many clusters, of what is stored. */
  previewMany: viewerProcedure
    .input(previewManySchema)
    .query(({ ctx, input, signal }) => ctx.services.fleetPlans.preview(input, signal ?? AbortSignal.timeout(30_000))),
  createMany: operatorProcedure
    .input(createManySchema)
    .mutation(({ ctx, input }) => ctx.services.fleetPlans.create(input, ctx.viewer, ctx.requestId)),
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
