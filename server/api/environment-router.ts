import { router, viewerProcedure } from './trpc.ts';

export const environmentRouter = router({
  list: viewerProcedure.query(({ ctx }) => ctx.services.clusters.environments()),
});
