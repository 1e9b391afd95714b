// npm run infrakit -- local [socket]: serves machines of this host to InfraKit's tools, until it is stopped.
// npm run infrakit -- docker [socket] [--settings file.yaml]: serves containers of a Docker engine in the same way.
// Without a socket it is plugins/local or plugins/docker in the data directory.
import './check-node.mjs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Refusal, run } from './refusal.mjs';
import { understandTypeScript } from './typescript.mjs';

const WAYS =
  'Say what to serve: npm run infrakit -- local [socket], or npm run infrakit -- docker [socket] [--settings file.yaml]';
const REMAINS = {
  local: 'The machines outlive it; npm run down removes them.',
  docker: 'The containers outlive it; docs/plugins.md says how they are removed.',
};

run(async () => {
  const { what, socket, settings } = orders();
  await understandTypeScript();
  const { parseEnv } = await import('../server/env.ts');
  const { serveDocker, serveLocal } = await import('../server/adapters/plugins/infrakit/serve-plugins.ts');
  const { dataDirectory } = parseEnv();
  const path = resolve(socket ?? join(dataDirectory, 'plugins', what));
  const serving =
    what === 'local'
      ? serveLocal(path, dataDirectory)
      : serveDocker(path, settings === undefined ? null : resolve(settings));
  const server = await serving.catch((error) => {
    throw new Refusal(error.message);
  });
  const stop = () => server.close();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  console.log(path);
  console.error(`Serving until this is stopped. ${REMAINS[what]}`);
});

function orders() {
  const { values, positionals } = given();
  const [what = '', socket, ...rest] = positionals;
  const { settings } = values;
  if (!Object.hasOwn(REMAINS, what) || rest.length > 0 || (what === 'local' && settings !== undefined)) {
    throw new Refusal(WAYS);
  }
  return { what, socket, settings };
}

function given() {
  try {
    return parseArgs({ options: { settings: { type: 'string' } }, allowPositionals: true });
  } catch {
    throw new Refusal(WAYS);
  }
}
