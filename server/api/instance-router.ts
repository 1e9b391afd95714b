import { instanceByIdSchema, instanceCellsSchema, instanceListSchema } from '../contract/instance.ts';
import { router, viewerProcedure } from './trpc.ts';

export const instanceRouter = router({
  list: viewerProcedure.input(instanceListSchema).query(({ ctx, input }) => ctx.services.instances.list(input)),
  cells: viewerProcedure.input(instanceCellsSchema).query(({ ctx, input }) => ctx.services.instances.cells(input)),
  byId: viewerProcedure
    .input(instanceByIdSchema)
    .query(({ ctx, input }) => ctx.services.instances.byId(input.clusterId, input.instanceId)),
});
