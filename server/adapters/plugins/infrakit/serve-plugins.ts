import { type DockerSettings, dockerSettingsSchema } from '../../../contract/docker-settings.ts';
import { dockerSpecSchema, isPinned } from '../../../contract/docker-spec.ts';
import { secretsNamedBy } from '../../../contract/environment-settings.ts';
import { localSpecSchema } from '../../../contract/local-spec.ts';
import { readYaml } from '../../../contract/read-yaml.ts';
import { problemLines } from '../../../contract/roundhouse-yaml.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import { changedNumber, notKept } from '../../../domain/instance/json-text.ts';
import type { InstancePlugin, Json, Spec } from '../../../domain/instance/plugin.ts';
import { readConfigurationFile } from '../../configuration-file.ts';
import { DockerPlugin } from '../docker/docker-plugin.ts';
import { Engine } from '../docker/engine.ts';
import { LABELS } from '../docker/labels.ts';
import { LocalPlugin } from '../local/local-plugin.ts';
import { type InfrakitServer, serveInfrakit } from './infrakit-server.ts';

/** No environment of a console has it, so their machines and these do not see each other. */
const ENVIRONMENT_ID = 'infrakit';

const PING_LIMIT_MS = 8_000;

/**
 * Machines of this host for InfraKit's tools, and for a console that may not start processes itself. They lie beside
 * those of the console's own environments, and `npm run down` removes them all.
 */
export function serveLocal(socket: string, dataDirectory: string): Promise<InfrakitServer> {
  const plugin = new LocalPlugin({ environmentId: ENVIRONMENT_ID, dataDirectory });
  return serve(socket, plugin, localSpecSchema.parse({ version: '1' }));
}

/**
 * Containers of an engine for InfraKit's tools. `npm run down` leaves them alone. The file says what the settings of a
 * `docker` environment say; without one the defaults hold. Rejects, in words for a person, where the file is not as it
 * must be, and where the engine does not answer.
 */
export async function serveDocker(socket: string, settingsFile: string | null): Promise<InfrakitServer> {
  const settings = settingsFile === null ? dockerSettingsSchema.parse({}) : await dockerSettings(settingsFile);
  const engine = new Engine(ENVIRONMENT_ID, settings, async () => new Map());
  await engine.ask('ping', { signal: AbortSignal.timeout(PING_LIMIT_MS) }, (docker) => docker.ping());
  const plugin = new TagPlugin({ engine, environmentId: ENVIRONMENT_ID, settings });
  return serve(socket, plugin, dockerSpecSchema.parse({ image: 'registry.example.org/web:2' }));
}

function serve(socket: string, plugin: InstancePlugin, exampleProperties: Json): Promise<InfrakitServer> {
  const vendor = { name: 'roundhouse', version: '0.1.0', url: '' };
  return serveInfrakit(socket, {
    plugins: new Map([['', plugin]]),
    vendor,
    exampleProperties,
    look: refuseChangedNumbers,
  });
}

/** Our plugins take values and not texts: a machine gets the numbers that were asked for, or is not made. */
export function refuseChangedNumbers(params: string): void {
  const changed = changedNumber(params);
  if (changed === null) return;
  throw new Error(`${changed.path}: ${notKept(changed.number)}`);
}

async function dockerSettings(file: string): Promise<DockerSettings> {
  const { text, failure } = await readConfigurationFile(file);
  if (text === null) throw new Error(`The settings cannot be read: ${failure}.`);
  const { value, problems } = readYaml(text, dockerSettingsSchema);
  if (value === null) throw new Error(problemLines(file, problems).join('\n'));
  const secrets = secretsNamedBy('docker', value).join(', ');
  if (secrets !== '') {
    throw new Error(
      `${file} names ${secrets}: there is no console here that keeps secrets, so name files of this host.`,
    );
  }
  return value;
}

/**
 * InfraKit's tools give a tag as it is, and no worker has looked it up for them. So a machine is made of the image that
 * the tag names by then; a digest that they give is kept.
 */
class TagPlugin extends DockerPlugin {
  override async validate(properties: Json, signal: AbortSignal): Promise<void> {
    await super.validate(await this.#pinned(properties, signal), signal);
  }

  /** A repeat asks for what was made the first time, wherever the tag points by now, and if it is gone. */
  override async provision(spec: Spec, call: Call): Promise<string> {
    const { logicalId } = spec;
    const labels = logicalId === null ? null : { [LABELS.logicalId]: logicalId };
    const [made] = labels === null ? [] : await this.describeInstances(labels, true, call.signal);
    const properties = made?.properties ?? (await this.#pinned(spec.properties, call.signal));
    return super.provision({ ...spec, properties }, call);
  }

  async #pinned(properties: Json, signal: AbortSignal): Promise<Json> {
    return isPinned(properties) ? properties : this.pinnedSpec(properties, signal);
  }
}
