import {
  addEnvironmentSchema,
  environmentIdSchema,
  environmentSettingsSchema,
  testEnvironmentSchema,
  updateEnvironmentSchema,
} from '../contract/environment.ts';
import { hasRole } from '../contract/people.ts';
import { administratorProcedure, router, viewerProcedure } from './trpc.ts';

export const environmentRouter = router({
  list: viewerProcedure.query(({ ctx }) => ctx.services.clusters.environments()),
  overview: viewerProcedure.query(({ ctx }) =>
    ctx.services.environments.overview(hasRole(ctx.viewer.role, 'administrator')),
  ),
  add: administratorProcedure
    .input(addEnvironmentSchema)
    .mutation(({ ctx, input }) => ctx.services.environments.add(input, ctx.viewer, ctx.requestId)),
  /** A mutation, because settings are too long for an address, and because it calls the back end. */
  test: administratorProcedure
    .input(testEnvironmentSchema)
    .mutation(({ ctx, input }) => ctx.services.environments.test(input)),
  changeSettings: administratorProcedure
    .input(environmentSettingsSchema)
    .mutation(({ ctx, input }) =>
      ctx.services.environments.changeSettings(input.environmentId, input.settings, ctx.viewer, ctx.requestId),
    ),
  disable: administratorProcedure
    .input(environmentIdSchema)
    .mutation(({ ctx, input }) => ctx.services.environments.disable(input.environmentId, ctx.viewer, ctx.requestId)),
  enable: administratorProcedure
    .input(environmentIdSchema)
    .mutation(({ ctx, input }) => ctx.services.environments.enable(input.environmentId, ctx.viewer, ctx.requestId)),
  remove: administratorProcedure
    .input(environmentIdSchema)
    .mutation(({ ctx, input }) => ctx.services.environments.remove(input.environmentId, ctx.viewer, ctx.requestId)),
  update: administratorProcedure
    .input(updateEnvironmentSchema)
    .mutation(({ ctx, input }) => ctx.services.environments.update(input, ctx.viewer, ctx.requestId)),
});
