import type { HookRules } from '../../../contract/hooks.ts';
import type { InfrakitSettings } from '../../../contract/infrakit-settings.ts';
import { isDomainError } from '../../../domain/errors.ts';
import type { ConnectionStep } from '../../../domain/instance/connection.ts';
import { InfrakitClient } from './infrakit-client.ts';
import { InfrakitPlugin } from './infrakit-plugin.ts';

/** What an environment needs of its plugin, and of this server where a hook is to run a command. */
export function infrakitConnection(name: string, settings: InfrakitSettings, hooks: HookRules): ConnectionStep[] {
  const { address, type, drainHook } = settings;
  return [
    {
      what: `The plugin at ${address} answers, and makes instances`,
      isGround: true,
      async attempt(signal) {
        await new InfrakitClient(name, address).check(type, { signal }).catch(inWords(address));
        return null;
      },
    },
    {
      what: 'Instances can be described',
      async attempt(signal) {
        const plugin = new InfrakitPlugin({ name, settings, hooks });
        const found = await plugin.describeInstances({}, false, signal).catch(inWords(address));
        return found.length === 1 ? '1 instance' : `${found.length} instances`;
      },
    },
    ...(drainHook !== null && 'command' in drainHook ? [commandIsThere(drainHook.command, hooks)] : []),
  ];
}

function commandIsThere(command: string, { commands }: HookRules): ConnectionStep {
  return {
    what: `The drain hook ${command} is one that this server knows`,
    async attempt() {
      if (Object.hasOwn(commands, command)) return null;
      const known = Object.keys(commands).join(', ');
      throw new Error(
        `The file of ROUNDHOUSE_HOOKS on the worker's host names no command ${command}: ${known === '' ? 'it names none' : `there are ${known}`}.`,
      );
    },
  };
}

/** The client says only that there was no answer; why is beneath. */
function inWords(address: string): (error: unknown) => never {
  return (error) => {
    if (!isDomainError(error) || error.code !== 'ENVIRONMENT_UNAVAILABLE') throw error;
    const { cause } = error;
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'EACCES') throw new Error(`The worker may not open ${address}: let its user read and write it.`);
    if (code === 'ENOENT') throw new Error(`There is no ${address} on the worker's host: start the plugin first.`);
    if (code === 'ECONNREFUSED') throw new Error(`Nothing listens at ${address}: start the plugin again.`);
    throw new Error(`No answer of a plugin at ${address}: ${cause instanceof Error ? cause.message : error.message}`);
  };
}
