export const dynamic = 'force-dynamic';

/** Answers as soon as this process serves requests. */
export function GET(): Response {
  return new Response('ok\n', { headers: { 'Cache-Control': 'no-store', 'Content-Type': 'text/plain' } });
}
