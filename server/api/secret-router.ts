import { dependencyByNameSchema, setSecretSchema } from '../contract/secret.ts';
import { operatorProcedure, router, viewerProcedure } from './trpc.ts';

export const secretRouter = router({
  list: viewerProcedure.query(({ ctx }) => ctx.services.secrets.list()),
  set: operatorProcedure
    .input(setSecretSchema)
    .mutation(({ ctx, input }) => ctx.services.secrets.set(input, ctx.viewer, ctx.requestId)),
  remove: operatorProcedure
    .input(dependencyByNameSchema)
    .mutation(({ ctx, input }) => ctx.services.secrets.remove(input.name, ctx.viewer, ctx.requestId)),
});
