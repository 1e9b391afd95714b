import { tracked } from '@trpc/server';
import {
  executionByIdSchema,
  executionListSchema,
  followLogSchema,
  logLineAtSchema,
  logRangeSchema,
  logSearchSchema,
} from '../contract/session.ts';
import { router, viewerProcedure } from './trpc.ts';

export const executionRouter = router({
  list: viewerProcedure.input(executionListSchema).query(({ ctx, input }) => ctx.services.executions.list(input)),
  byId: viewerProcedure
    .input(executionByIdSchema)
    .query(({ ctx, input }) => ctx.services.executions.byId(input.executionId)),
  logs: viewerProcedure.input(logRangeSchema).query(({ ctx, input }) => ctx.services.logs.range(input)),
  searchLog: viewerProcedure.input(logSearchSchema).query(({ ctx, input }) => ctx.services.logs.search(input)),
  logLineAt: viewerProcedure
    .input(logLineAtSchema)
    .query(({ ctx, input }) => ctx.services.logs.lineAt(input.executionId, input.at)),
  /** The id of each message is the line that comes next, so the transport resumes by itself where a connection broke. */
  log: viewerProcedure.input(followLogSchema).subscription(async function* ({ ctx, input, signal }) {
    const { identity, logs } = ctx.services;
    const isAllowed = () => identity.isOpen(ctx.sessionId);
    const from = { ...input, from: input.lastEventId ?? input.from };
    for await (const { next, news } of logs.follow(from, isAllowed, signal ?? NEVER)) {
      yield tracked(String(next), news);
    }
  }),
});

/** Only a caller in this process has no signal; it ends the stream by returning. */
const NEVER = new AbortController().signal;
