import { activityRouter } from './activity-router.ts';
import { liveRouter } from './live-router.ts';
import { peopleRouter } from './people-router.ts';
import { createCallerFactory, router } from './trpc.ts';

export const appRouter = router({
  people: peopleRouter,
  activity: activityRouter,
  live: liveRouter,
});

export type AppRouter = typeof appRouter;

export const createCaller = createCallerFactory(appRouter);
