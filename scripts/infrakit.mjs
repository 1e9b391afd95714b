// npm run infrakit -- local [socket]: serves machines of this host to InfraKit's tools, until it is stopped.
// Without a socket it is plugins/local in the data directory.
import './check-node.mjs';
import { join, resolve } from 'node:path';
import { Refusal, run } from './refusal.mjs';
import { understandTypeScript } from './typescript.mjs';

const [what, socket, ...rest] = process.argv.slice(2);

run(async () => {
  if (what !== 'local' || rest.length > 0) {
    throw new Refusal('Say what to serve: npm run infrakit -- local, or npm run infrakit -- local /path/of/a/socket');
  }
  await understandTypeScript();
  const { parseEnv } = await import('../server/env.ts');
  const { serveLocal } = await import('../server/adapters/plugins/infrakit/serve-local.ts');
  const { dataDirectory } = parseEnv();
  const path = resolve(socket ?? join(dataDirectory, 'plugins', 'local'));
  const server = await serveLocal(path, dataDirectory).catch((error) => {
    throw new Refusal(error.message);
  });
  const stop = () => server.close();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  console.log(path);
  console.error('Serving until this is stopped. The machines outlive it; npm run down removes them.');
});
