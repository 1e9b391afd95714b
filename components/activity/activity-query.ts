/** How the pages of the activity follow each other; the same on the server, which prefetches the first. */
export const activityPages = {
  getNextPageParam: (page: { readonly nextCursor: string | null }) => page.nextCursor,
};
