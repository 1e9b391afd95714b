import { web } from '@/server/compose.ts';

export const dynamic = 'force-dynamic';

const handle = (request: Request) => web().identity.handle(request);

export { handle as GET, handle as POST };
