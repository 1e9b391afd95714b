import { type NextRequest, NextResponse } from 'next/server';
import { PATH_HEADER } from '@/components/people/path-header';

/** Tells the layouts which page was asked for, so that they can send a person back there after the sign-in. */
export function proxy(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers);
  headers.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);
  return NextResponse.next({ request: { headers } });
}

export const config = { matcher: ['/((?!api/|_next/|.*\\.\\w+$).*)'] };
