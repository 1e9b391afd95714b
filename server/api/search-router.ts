import { searchSchema } from '../contract/search.ts';
import { router, viewerProcedure } from './trpc.ts';

export const searchRouter = router({
  query: viewerProcedure.input(searchSchema).query(({ ctx, input }) => ctx.services.search.find(input.q)),
});
