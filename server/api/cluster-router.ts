import { z } from 'zod';
import { clusterListSchema, clusterNamesSchema, declareClusterSchema, editClusterSchema } from '../contract/cluster.ts';
import { previewSchema } from '../contract/plan.ts';
import { administratorProcedure, router, viewerProcedure } from './trpc.ts';

const clusterSchema = z.object({ clusterId: z.string() });

export const clusterRouter = router({
  list: viewerProcedure.input(clusterListSchema).query(({ ctx, input }) => ctx.services.clusters.list(input)),
  summary: viewerProcedure.query(({ ctx }) => ctx.services.clusters.summary()),
  byName: viewerProcedure
    .input(clusterNamesSchema)
    .query(({ ctx, input }) => ctx.services.clusters.byName(input.environment, input.cluster)),
  byId: viewerProcedure.input(clusterSchema).query(({ ctx, input }) => ctx.services.clusters.byId(input.clusterId)),
  /** The dry run, of what is stored or of any other knobs. */
  preview: viewerProcedure
    .input(previewSchema)
    .query(({ ctx, input, signal }) =>
      ctx.services.plans.preview(input.clusterId, input.knobs, signal ?? AbortSignal.timeout(30_000)),
    ),
  declare: administratorProcedure
    .input(declareClusterSchema)
    .mutation(({ ctx, input }) => ctx.services.clusters.declare(input, ctx.viewer, ctx.requestId)),
  edit: administratorProcedure
    .input(editClusterSchema)
    .mutation(({ ctx, input: { clusterId, ...change } }) =>
      ctx.services.clusters.edit(clusterId, change, ctx.viewer, ctx.requestId),
    ),
  remove: administratorProcedure
    .input(clusterSchema)
    .mutation(({ ctx, input }) => ctx.services.clusters.remove(input.clusterId, ctx.viewer, ctx.requestId)),
});
