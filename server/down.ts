import { removeMachines } from './adapters/plugins/local/remove-machines.ts';
import { parseEnv } from './env.ts';

// `npm run down`: local machines outlive web and worker, and this is what ends them.
const { dataDirectory } = parseEnv();
const { length } = await removeMachines(dataDirectory);
console.log(
  `${length === 0 ? 'No local machine was' : length === 1 ? '1 local machine was' : `${length} local machines were`} running in ${dataDirectory}${length === 0 ? '.' : '; removed.'}`,
);
