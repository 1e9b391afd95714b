import { activityRouter } from './activity-router.ts';
import { clusterRouter } from './cluster-router.ts';
import { configRouter } from './config-router.ts';
import { cycleRouter } from './cycle-router.ts';
import { environmentRouter } from './environment-router.ts';
import { executionRouter } from './execution-router.ts';
import { installationRouter } from './installation-router.ts';
import { instanceRouter } from './instance-router.ts';
import { overviewRouter } from './overview-router.ts';
import { peopleRouter } from './people-router.ts';
import { planRouter } from './plan-router.ts';
import { poolRouter } from './pool-router.ts';
import { reservationRouter } from './reservation-router.ts';
import { searchRouter } from './search-router.ts';
import { secretRouter } from './secret-router.ts';
import { sessionRouter } from './session-router.ts';
import { createCallerFactory, router } from './trpc.ts';

export const appRouter = router({
  overview: overviewRouter,
  environment: environmentRouter,
  cluster: clusterRouter,
  instance: instanceRouter,
  plan: planRouter,
  cycle: cycleRouter,
  pool: poolRouter,
  reservation: reservationRouter,
  session: sessionRouter,
  execution: executionRouter,
  secret: secretRouter,
  config: configRouter,
  installation: installationRouter,
  people: peopleRouter,
  activity: activityRouter,
  search: searchRouter,
});

export type AppRouter = typeof appRouter;

export const createCaller = createCallerFactory(appRouter);
