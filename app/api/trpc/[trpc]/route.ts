import { handleTrpc } from '@/server/api/handler.ts';
import { web } from '@/server/compose.ts';

export const dynamic = 'force-dynamic';

const handle = (request: Request) => handleTrpc(request, web());

export { handle as GET, handle as POST };
