import { localSpecSchema } from '../../../contract/local-spec.ts';
import { LocalPlugin } from '../local/local-plugin.ts';
import { type InfrakitServer, serveInfrakit } from './infrakit-server.ts';

/** Its machines lie beside those of the console's own environments, and `npm run down` removes them all. */
const ENVIRONMENT_ID = 'infrakit';

/** Machines of this host for InfraKit's tools, and for a console that may not start processes itself. */
export function serveLocal(socket: string, dataDirectory: string): Promise<InfrakitServer> {
  const plugin = new LocalPlugin({ environmentId: ENVIRONMENT_ID, dataDirectory });
  return serveInfrakit(socket, {
    plugins: new Map([['', plugin]]),
    vendor: { name: 'roundhouse', version: '0.1.0', url: '' },
    exampleProperties: localSpecSchema.parse({ version: '1' }),
  });
}
