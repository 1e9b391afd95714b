import { applyInstallationSchema, previewInstallationSchema } from '../contract/installation.ts';
import { administratorProcedure, router } from './trpc.ts';

/** Environments and clusters as one file. A preview is a mutation, because a file is too long for an address. */
export const installationRouter = router({
  configured: administratorProcedure.query(({ ctx }) => ctx.services.installation.configured()),
  export: administratorProcedure.query(({ ctx }) => ctx.services.installation.export()),
  previewFile: administratorProcedure
    .input(previewInstallationSchema)
    .mutation(({ ctx, input }) => ctx.services.installation.preview(input.text)),
  applyFile: administratorProcedure
    .input(applyInstallationSchema)
    .mutation(({ ctx, input }) =>
      ctx.services.installation.apply(input.text, input.fingerprint, ctx.viewer, ctx.requestId),
    ),
});
