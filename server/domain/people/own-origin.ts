/**
 * Whether a request that changes something comes from a page of this console: its Origin is one of the public ones, or
 * the host that the browser asked for. A request without Origin is refused: every browser sends one with a POST.
 */
export function isOwnOrigin(origin: string | null, host: string | null, publicOrigins: readonly string[]): boolean {
  if (origin === null || origin === 'null') return false;
  if (publicOrigins.includes(origin)) return true;
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
}
