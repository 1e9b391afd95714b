import { activityListSchema } from '../contract/activity.ts';
import { router, viewerProcedure } from './trpc.ts';

export const activityRouter = router({
  list: viewerProcedure.input(activityListSchema).query(({ ctx, input }) => ctx.services.activity.list(input)),
});
