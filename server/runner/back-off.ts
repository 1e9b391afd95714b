/** Full jitter between half a second and thirty, doubling with each attempt. */
export function backOffMs(attempt: number, random: number): number {
  return 500 + Math.round(random * Math.min(30_000, 500 * 2 ** attempt));
}
