import { getSessionCookie } from 'better-auth/cookies';
import { type NextRequest, NextResponse } from 'next/server';
import { PATH_HEADER } from '@/components/people/path-header';

/** Pages for those who are not signed in. */
const OPEN = new Set(['/sign-in', '/join', '/healthz']);

/**
 * Tells the layouts which page was asked for, so that they can send a person back there after the sign-in. Who carries
 * no session at all is sent there at once; whether a session is good is for the layout to say.
 */
export function proxy(request: NextRequest): NextResponse {
  const path = request.nextUrl.pathname + request.nextUrl.search;
  if (!OPEN.has(request.nextUrl.pathname) && getSessionCookie(request, { cookiePrefix: 'roundhouse' }) === null) {
    return NextResponse.redirect(new URL(`/sign-in?next=${encodeURIComponent(path)}`, request.url));
  }
  const headers = new Headers(request.headers);
  headers.set(PATH_HEADER, path);
  return NextResponse.next({ request: { headers } });
}

export const config = { matcher: ['/((?!api/|_next/|.*\\.\\w+$).*)'] };
