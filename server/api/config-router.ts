import { dependencyByNameSchema, setConfigSchema } from '../contract/secret.ts';
import { operatorProcedure, router, viewerProcedure } from './trpc.ts';

export const configRouter = router({
  list: viewerProcedure.query(({ ctx }) => ctx.services.configs.list()),
  set: operatorProcedure
    .input(setConfigSchema)
    .mutation(({ ctx, input }) => ctx.services.configs.set(input, ctx.viewer, ctx.requestId)),
  remove: operatorProcedure
    .input(dependencyByNameSchema)
    .mutation(({ ctx, input }) => ctx.services.configs.remove(input.name, ctx.viewer, ctx.requestId)),
});
