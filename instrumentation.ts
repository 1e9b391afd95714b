/** Next calls this once when a server starts. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { endOnSignal } = await import('./server/web-shutdown.ts');
  endOnSignal();
}
