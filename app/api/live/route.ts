import { handleLive } from '@/server/api/live-stream.ts';
import { web } from '@/server/compose.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => handleLive(request, web());
