/** The path and query of the page that was asked for, as `proxy.ts` sets it. */
export const PATH_HEADER = 'x-roundhouse-path';

/** Where to go after the sign-in: a path of this console, whatever the address says. */
export function nextPath(next: string | null | undefined): string {
  const isOwn = next?.startsWith('/') === true && !/^\/[/\\]/.test(next) && !next.startsWith('/sign-in');
  return isOwn ? next : '/';
}
