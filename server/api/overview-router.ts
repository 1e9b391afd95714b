import { router, viewerProcedure } from './trpc.ts';

export const overviewRouter = router({
  read: viewerProcedure.query(({ ctx }) => ctx.services.overview.read(ctx.viewer)),
});
