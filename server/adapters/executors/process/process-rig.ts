import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution, MachineRef } from '../../../domain/execution/execution.ts';
import { type LocalRig, localRig, testCall } from '../../plugins/local/local-rig.ts';
import type { ExecutorRig } from '../conformance.ts';
import { type Dependencies, ProcessExecutor } from './process-executor.ts';

const never = new AbortController().signal;
const GRACE_MS = 300;

export interface ProcessRig extends ExecutorRig {
  readonly local: LocalRig;
  newExecutor(): ProcessExecutor;
}

/** Components of real local machines. */
export async function processRig(): Promise<ProcessRig> {
  const local = await localRig();
  const secrets = new Map([
    ['token', 'squeamish ossifrage'],
    ['other-token', 'not to be seen'],
    ['../configs/led-astray', 'out of its place'],
  ]);
  const configs = new Map([
    ['settings.json', '{"a":1}'],
    ['other.json', '{}'],
  ]);
  const dependenciesOf = async ({ name }: Execution): Promise<Dependencies> => ({
    label: `${name} of a test`,
    secrets: { get: async (secret) => bytes(secrets.get(secret)) },
    configs: { get: async (config) => bytes(configs.get(config)) },
  });
  let machines = 0;
  return {
    local,
    secrets,
    configs,
    graceMs: GRACE_MS,
    newExecutor: () => new ProcessExecutor({ dataDirectory: local.dataDirectory, dependenciesOf, graceMs: GRACE_MS }),
    async newMachine() {
      machines += 1;
      const logicalId = `machine-${machines}`;
      const spec = { properties: { version: '1' }, tags: {}, init: '', logicalId, attachments: [] };
      const instanceId = await local.plugin.provision(spec, testCall());
      const inService = async () =>
        (await local.plugin.status([instanceId], never)).get(instanceId)?.health === 'healthy';
      for (const end = Date.now() + 15_000; !(await inService()); await sleep(20)) {
        if (Date.now() > end) throw new Error('The machine does not come into service.');
      }
      return { environmentId: 'rig', clusterId: 'c-web', instanceId } satisfies MachineRef;
    },
    removeMachine: ({ instanceId }) => local.plugin.destroy(instanceId, 'terminate', testCall()),
    script: (text) => ({ image: null, command: ['/bin/sh', '-c', text] }),
    server: { image: 'http-server', command: [] },
    unsupported: { image: 'no-such-image', command: [] },
    ambient: [],
    close: () => local.close(),
  };
}

function bytes(text: string | undefined): Uint8Array | null {
  return text === undefined ? null : new TextEncoder().encode(text);
}
