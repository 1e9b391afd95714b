import type { HookRules } from '../../../contract/hooks.ts';
import type { InfrakitSettings } from '../../../contract/infrakit-settings.ts';
import { isDomainError } from '../../../domain/errors.ts';
import type { ConnectionStep } from '../../../domain/instance/connection.ts';
import { InfrakitClient } from './infrakit-client.ts';
import { InfrakitPlugin } from './infrakit-plugin.ts';
import { knock, NotReachable } from './outbound.ts';

const KNOCK_LIMIT_MS = 3_000;

/** What an environment needs of its plugin, and of this server where a hook is to run a command. */
export function infrakitConnection(name: string, settings: InfrakitSettings, hooks: HookRules): ConnectionStep[] {
  const { address, type, probe, drainHook } = settings;
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
    ...(probe === null ? [] : somebodyListens('The probe', probe.url, hooks)),
    ...(drainHook !== null && 'url' in drainHook ? somebodyListens('The drain hook', drainHook.url, hooks) : []),
    ...(drainHook !== null && 'command' in drainHook ? [commandIsThere(drainHook.command, hooks)] : []),
  ];
}

/** Nothing is asked: what is to be done with a machine is for real ones. Where each has its own host, none is known yet. */
function somebodyListens(name: string, template: string, hooks: HookRules): ConnectionStep[] {
  const [origin] = /^https?:\/\/[^/?#{}]+(?=[/?#]|$)/.exec(template) ?? [];
  if (origin === undefined || !URL.canParse(origin)) return [];
  const url = new URL(origin);
  return [
    {
      what: `${name} at ${url.host} can be reached`,
      async attempt(signal) {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(KNOCK_LIMIT_MS)]);
        await knock(url, limit, hooks).catch((error: unknown) => {
          throw new Error(whyNot(url, error));
        });
        return null;
      },
    },
  ];
}

function whyNot({ host, hostname }: URL, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (error instanceof NotReachable) return `${error.message}: add it to \`reach\` there.`;
  if (code === 'ENOTFOUND') return `The worker finds no address of ${hostname}: correct the name, or add it to DNS.`;
  if (code === 'ECONNREFUSED') return `Nothing listens at ${host}: start what is to answer there.`;
  if (code === 'ABORT_ERR') return `${host} does not answer: let the worker through to it.`;
  return `${host} cannot be reached: ${error instanceof Error ? error.message : String(error)}.`;
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
