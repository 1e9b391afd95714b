import { isJsonObject, member, numberOrText } from '@/components/spec/spec-text';
import type { EnvironmentKind } from '@/server/contract/cluster.ts';
import type { Json } from '@/server/domain/instance/plugin.ts';

export interface SettingsField {
  readonly path: readonly string[];
  readonly label: string;
  readonly hint: string;
  readonly isNumber?: boolean;
}

const FILE_OR_SECRET = 'For tcp: a path on the host of each worker, or secret:NAME of Secrets and configs.';

/** What a form offers of the settings of each kind; the rest is set in YAML. */
export const settingsFields: Readonly<Record<EnvironmentKind, readonly SettingsField[]>> = {
  local: [],
  simulator: [{ path: ['seed'], label: 'Seed', hint: 'Everything that is left to chance is drawn from it.' }],
  docker: [
    {
      path: ['address'],
      label: 'Address of the engine',
      hint: 'unix:///path or tcp://host:port; empty: unix:///var/run/docker.sock',
    },
    { path: ['network'], label: 'Network', hint: 'bridge, host, none or one of the engine; empty: bridge' },
    {
      path: ['minHealthyMs'],
      label: 'In service after, ms',
      hint: 'Of containers without a HEALTHCHECK; empty: 10000',
      isNumber: true,
    },
    { path: ['tls', 'ca'], label: 'TLS: authority', hint: FILE_OR_SECRET },
    { path: ['tls', 'cert'], label: 'TLS: certificate', hint: FILE_OR_SECRET },
    { path: ['tls', 'key'], label: 'TLS: key', hint: FILE_OR_SECRET },
  ],
  infrakit: [
    {
      path: ['address'],
      label: 'Address of the plugin',
      hint: 'The path of its socket or of its .listen file, or tcp://host:port',
    },
    { path: ['type'], label: 'Type', hint: 'Where the address serves several: what follows the slash in its name.' },
    { path: ['probe', 'url'], label: 'Health probe', hint: 'http://{tag:address}:8080/health; empty: healthy by age' },
    { path: ['minimumAgeMs'], label: 'In service after, ms', hint: 'Empty: 30000', isNumber: true },
    { path: ['drainHook', 'url'], label: 'Drain hook, URL', hint: 'Is told of each drain, and says when it is over.' },
    {
      path: ['drainHook', 'command'],
      label: 'Drain hook, command',
      hint: 'Instead of a URL: a name in the file of ROUNDHOUSE_HOOKS.',
    },
    { path: ['drainWaitMs'], label: 'Drained after, ms', hint: 'Without a drain hook; empty: 60000', isNumber: true },
  ],
};

/** What stands at the path, to be typed over. */
export function fieldText(settings: Json, { path }: SettingsField): string {
  const value = member(settings, path);
  return value === null || typeof value === 'object' ? '' : String(value);
}

/** The same settings with what was typed; a field that is emptied leaves nothing behind, so that the default counts. */
export function withFieldText(settings: Json, { path, isNumber = false }: SettingsField, text: string): Json {
  return placed(settings, path, text === '' ? undefined : isNumber ? numberOrText(text) : text) ?? {};
}

function placed(value: Json | undefined, path: readonly string[], next: Json | undefined): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  const object: { readonly [key: string]: Json } = isJsonObject(value) ? value : {};
  const { [key]: before, ...others } = object;
  const inner = placed(before, rest, next);
  if (inner !== undefined) return { ...object, [key]: inner };
  return Object.keys(others).length === 0 ? undefined : others;
}
