/** A moment as a session's page counts it, since it was submitted: `+00:12:31`. What was before is `+00:00:00`. */
export function formatOffset(createdAt: number, at: number): string {
  const seconds = Math.max(0, Math.floor((at - createdAt) / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `+${parts.map((part) => String(part).padStart(2, '0')).join(':')}`;
}
