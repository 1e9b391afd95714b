/** The plans that the rail counts; the same on the server, which prefetches them. */
export const waitingPlans = { state: 'awaiting-approval', limit: 100 } as const;
