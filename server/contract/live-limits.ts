/** How many streams one connection carries. Here alone, so that the browser knows it without the schemas beside it. */
export const MAX_STREAMS = 50;
