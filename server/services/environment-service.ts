import type { EnvironmentView } from '../contract/cluster.ts';
import type {
  AddEnvironmentInput,
  ConnectionResult,
  ConnectionTest,
  EnvironmentDetails,
  EnvironmentsOverview,
  TestEnvironmentInput,
  WatchedPlugins,
  WorkerHost,
} from '../contract/environment.ts';
import { isOfOneHost, readSettings, settingsText } from '../contract/environment-settings.ts';
import type { Actor } from '../domain/activity/activity.ts';
import type { EnvironmentRecord, Fleet } from '../domain/cluster/fleet.ts';
import { DomainError } from '../domain/errors.ts';
import type { EnvironmentSetting } from '../domain/installation/installation.ts';
import type { Finding } from '../domain/instance/connection.ts';
import type { Json } from '../domain/instance/plugin.ts';
import type { EnvironmentCommands, EnvironmentHost } from './installation-service.ts';
import { newId } from './new-id.ts';

export type StoredDetails = Omit<EnvironmentDetails, 'settings' | Exclude<keyof EnvironmentView, 'id'>> &
  Pick<EnvironmentRecord, 'settings'>;

export interface EnvironmentPorts {
  readonly commands: EnvironmentCommands & {
    disable(environmentId: string, actor: Actor, requestId: string): Promise<void>;
    enable(environmentId: string, actor: Actor, requestId: string): Promise<void>;
    remove(environmentId: string, actor: Actor, requestId: string): Promise<void>;
  };
  readonly fleet: Pick<Fleet, 'environment'>;
  readonly views: () => Promise<readonly EnvironmentView[]>;
  readonly details: () => Promise<readonly StoredDetails[]>;
  readonly cursors: () => Promise<EnvironmentsOverview['cursors']>;
  /** The hosts on which workers were seen lately, each once. */
  readonly hosts: () => Promise<readonly WorkerHost[]>;
  readonly plugins: () => Promise<readonly (WorkerHost & WatchedPlugins)[]>;
  readonly tests: {
    ask(test: ConnectionTest): Promise<void>;
    standing(id: string): Promise<{ readonly isTaken: boolean; readonly findings: readonly Finding[] | null }>;
  };
  /** Why real processes may not be started on this host; null where they may. */
  readonly localProblem: string | null;
  readonly clock: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** A worker that runs looks each second; its test ends within ten. */
const TAKEN_WITHIN_MS = 4_000;
const ANSWERED_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 100;

/** Back ends as an administrator sets them up. */
export class EnvironmentService {
  readonly #ports: EnvironmentPorts;

  constructor(ports: EnvironmentPorts) {
    this.#ports = ports;
  }

  /** How they are reached and how that goes; settings only for those who may change them. */
  async overview(mayChange: boolean): Promise<EnvironmentsOverview> {
    const { views, details, cursors, hosts, plugins } = this.#ports;
    // Before all that is read: an event that comes in between is told once more and does no harm.
    const asOf = await cursors();
    const stored = await details();
    return {
      environments: (await views()).flatMap((view) => {
        const found = stored.find(({ id }) => id === view.id);
        // It was added since, which is an event.
        if (found === undefined) return [];
        const { settings, ...rest } = found;
        return [{ ...view, ...rest, settings: mayChange ? settingsText(view.kind, settings) : null }];
      }),
      hosts: await hosts(),
      plugins: await plugins(),
      cursors: asOf,
    };
  }

  /** Throws INVALID_INPUT, FORBIDDEN for what may not run on this host, or CONFLICT where there is one of that name. */
  async add(input: AddEnvironmentInput, actor: Actor, requestId: string): Promise<string> {
    const { kind, settings: text, hostId, ...rules } = input;
    if (kind === 'local' && this.#ports.localProblem !== null) {
      throw new DomainError('FORBIDDEN', { action: 'run programs on this host', needs: this.#ports.localProblem });
    }
    const settings = settingsOf(kind, text);
    const host = await this.#hostFor(kind, settings, hostId);
    const id = newId('env', this.#ports.clock());
    await this.#ports.commands.create({ id, kind, settings, ...rules, ...host }, actor, requestId);
    return id;
  }

  /** Throws CONFLICT where somebody else has changed it in between. */
  update(
    rules: Partial<Omit<EnvironmentSetting, 'settings'>> & { readonly environmentId: string },
    actor: Actor,
    requestId: string,
  ): Promise<void> {
    return this.#ports.commands.update(rules, actor, requestId, {});
  }

  /** Throws INVALID_INPUT, or CONFLICT while a cycle is active that could not go on elsewhere. */
  async changeSettings(environmentId: string, text: string, actor: Actor, requestId: string): Promise<void> {
    const { kind, hostId, settings: before } = await this.#ports.fleet.environment(environmentId);
    const settings = settingsOf(kind, text);
    const expected: Partial<EnvironmentSetting> = { settings: before };
    // Where it belongs to a host already, it stays there, whether a worker runs on it now or not.
    const stays = isOfOneHost(kind, before) && isOfOneHost(kind, settings);
    const host = stays ? undefined : await this.#hostFor(kind, settings, hostId);
    await this.#ports.commands.update({ environmentId, settings }, actor, requestId, expected, host);
  }

  disable(environmentId: string, actor: Actor, requestId: string): Promise<void> {
    return this.#ports.commands.disable(environmentId, actor, requestId);
  }

  enable(environmentId: string, actor: Actor, requestId: string): Promise<void> {
    return this.#ports.commands.enable(environmentId, actor, requestId);
  }

  remove(environmentId: string, actor: Actor, requestId: string): Promise<void> {
    return this.#ports.commands.remove(environmentId, actor, requestId);
  }

  /**
   * Has a worker try everything that is needed, and says what is missing. Nothing is stored of it. Throws INVALID_INPUT
   * where the settings are none.
   */
  async test(input: TestEnvironmentInput): Promise<ConnectionResult> {
    const { kind, settings: text, environmentId } = input;
    const settings = settingsOf(kind, text);
    if (kind === 'local' && this.#ports.localProblem !== null) {
      const problem = `It needs ${this.#ports.localProblem}.`;
      return { findings: [{ what: 'Programs may run on this host', problem, detail: null }] };
    }
    const known = environmentId === null ? null : await this.#ports.fleet.environment(environmentId);
    const hosts = await this.#ports.hosts();
    const hostId = known?.hostId ?? input.hostId;
    const host = isOfOneHost(kind, settings) ? chosenHost(hosts, hostId) : null;
    if (typeof host === 'string') return { findings: [{ what: WORKER_RUNS, problem: host, detail: null }] };
    const name = known?.name ?? 'the new environment';
    return { findings: await this.#ask({ name, kind, settings, hostId: host?.hostId ?? null }, host, hosts) };
  }

  async #ask(
    test: Omit<ConnectionTest, 'id'>,
    host: WorkerHost | null,
    hosts: readonly WorkerHost[],
  ): Promise<readonly Finding[]> {
    const { tests, clock, pause } = this.#ports;
    const id = newId('tst', clock());
    await tests.ask({ id, ...test });
    const asked = clock();
    for (;;) {
      const { isTaken, findings } = await tests.standing(id);
      const names = host === null ? hosts.map(({ hostName }) => hostName).join(', ') : host.hostName;
      if (findings !== null) return [{ what: WORKER_RUNS, problem: null, detail: names }, ...findings];
      const waited = clock() - asked;
      if (!isTaken && waited > TAKEN_WITHIN_MS) return [{ what: WORKER_RUNS, problem: nobody(host), detail: null }];
      if (waited > ANSWERED_WITHIN_MS) {
        const problem = 'A worker took the test up and has not told what it found: try once more.';
        return [{ what: WORKER_RUNS, problem, detail: null }];
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Throws INVALID_INPUT where there has to be one host, and is none or several. */
  async #hostFor(kind: string, settings: Json, hostId: string | null): Promise<EnvironmentHost> {
    if (!isOfOneHost(kind, settings)) return { hostId: null, hostName: null };
    const host = chosenHost(await this.#ports.hosts(), hostId);
    if (typeof host === 'string') throw new DomainError('INVALID_INPUT', { field: 'hostId', message: host });
    return host;
  }
}

const WORKER_RUNS = 'A worker that reaches it runs';

function nobody(host: WorkerHost | null): string {
  return host === null
    ? 'No worker took the test up: start one.'
    : `No worker on ${host.hostName} took the test up: start one there.`;
}

/** Or why there is none, as a sentence. */
function chosenHost(hosts: readonly WorkerHost[], hostId: string | null): WorkerHost | string {
  const [first, ...others] = hosts;
  if (hostId !== null) {
    return (
      hosts.find((one) => one.hostId === hostId) ?? 'No worker runs on the host that it belongs to: start one there.'
    );
  }
  if (first === undefined) return 'No worker runs now, and it belongs to the host of one: start a worker.';
  if (others.length === 0) return first;
  return `Workers run on ${hosts.map(({ hostName }) => hostName).join(', ')}: choose the host that it belongs to.`;
}

function settingsOf(kind: string, text: string): Json {
  const { settings, problems } = readSettings(kind, text);
  if (settings !== null) return settings;
  const words = problems.map(({ path, line, message }) => {
    const where = [line === null ? [] : [`line ${line}`], path === '' ? [] : [path]].flat().join(', ');
    return where === '' ? message : `${where}: ${message}`;
  });
  throw new DomainError('INVALID_INPUT', { field: 'settings', message: words.join('; ') });
}
