import { updateEnvironmentSchema } from '../contract/environment.ts';
import { administratorProcedure, router, viewerProcedure } from './trpc.ts';

export const environmentRouter = router({
  list: viewerProcedure.query(({ ctx }) => ctx.services.clusters.environments()),
  update: administratorProcedure
    .input(updateEnvironmentSchema)
    .mutation(({ ctx, input }) => ctx.services.environments.update(input, ctx.viewer, ctx.requestId)),
});
