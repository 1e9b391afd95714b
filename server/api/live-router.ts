import { tracked } from '@trpc/server';
import { liveEventsSchema } from '../contract/live.ts';
import { router, viewerProcedure } from './trpc.ts';

export const liveRouter = router({
  /** The id of each message is the whole cursor, so the transport resumes by itself where a connection broke. */
  events: viewerProcedure.input(liveEventsSchema).subscription(async function* ({ ctx, input, signal }) {
    const { identity, live } = ctx.services;
    const cursors = { ...input.cursors, ...input.lastEventId };
    const isAllowed = () => identity.isOpen(ctx.sessionId);
    for await (const { cursor, message } of live.eventsAfter(cursors, isAllowed, signal ?? NEVER)) {
      yield tracked(JSON.stringify(cursor), message);
    }
  }),
});

/** Only a caller in this process has no signal; it ends the stream by returning. */
const NEVER = new AbortController().signal;
