import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { CrashKind, CrashPlan, LedgerCrashPlan } from './crash-points.ts';

export interface HerdOptions {
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  /** What `bundleVictim` made. */
  readonly program: string;
  readonly ttlMs: number;
  /** Where workers die, one after the other; who comes after the last lives. */
  readonly crashes: Iterator<CrashPlan | LedgerCrashPlan, undefined>;
  /** Runs the mutant that records after the call. */
  readonly mutant: boolean;
  /** Encrypts secrets, in base64. */
  readonly key?: string;
  readonly say: (line: string) => void;
}

/** The victim in a bundle, so that it starts in a moment; beside the packages, so that it finds them. */
export async function bundleVictim(): Promise<string> {
  const directory = fileURLToPath(new URL('../../../node_modules/.cache/roundhouse-chaos/', import.meta.url));
  const file = join(directory, `${randomUUID()}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL('./victim.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  });
  // What local machines run is looked for beside the program.
  for (const programs of ['plugins/local/programs', 'executors/process/programs']) {
    const from = fileURLToPath(new URL(`../../adapters/${programs}`, import.meta.url));
    await cp(from, join(directory, 'programs'), { recursive: true });
  }
  return file;
}

/** Where there are none, any key will do. */
const NO_SECRETS = Buffer.alloc(32).toString('base64');

/** Of the statements of a worker, about one in so many belongs to a call of its own. */
const STATEMENTS_PER_CALL = 25;

export interface CrashesInTurn {
  /** Where workers die, in turn. */
  readonly kinds: readonly CrashKind[];
  /** A worker dies at one of the first so many points of its kind. */
  readonly within: number;
}

/** The kinds in turn, without an end; how far into the run is left to chance, so that all points are hit over time. */
export function* crashesInTurn({ kinds, within }: CrashesInTurn): Generator<CrashPlan, undefined> {
  for (;;) {
    for (const kind of kinds) {
      const points = within * (kind === 'statement' ? STATEMENTS_PER_CALL : 1);
      yield { kind, nth: 1 + Math.floor(Math.random() * points) };
    }
  }
}

/** The workers: as many as there should be, each new one with orders to die at the next planned point. */
export class Herd {
  readonly #options: HerdOptions;
  readonly #living = new Set<ChildProcess>();
  readonly #deaths: string[] = [];
  #started = 0;
  #wanted = 0;
  #dying = true;

  constructor(options: HerdOptions) {
    this.#options = options;
  }

  /** The points at which workers have died, by name. */
  get deaths(): readonly string[] {
    return this.#deaths;
  }

  get kills(): number {
    return this.#deaths.length;
  }

  get killsByKind(): Readonly<Record<CrashKind, number>> {
    const count = (kind: CrashKind) => this.#deaths.filter((one) => one === kind).length;
    return {
      'intent-before': count('intent-before'),
      'call-sent': count('call-sent'),
      'answer-received': count('answer-received'),
      'result-stored': count('result-stored'),
      statement: count('statement'),
    };
  }

  keep(workers: number): void {
    this.#wanted = workers;
    while (this.#living.size < workers) this.#start();
  }

  /** From now on nobody dies; those with orders to are replaced. */
  spare(): void {
    if (!this.#dying) return;
    this.#dying = false;
    for (const child of this.#living) child.kill('SIGTERM');
  }

  async stop(): Promise<void> {
    this.#wanted = 0;
    await Promise.all(
      [...this.#living].map(async (child) => {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }),
    );
  }

  #start(): void {
    const workerId = `victim-${++this.#started}`;
    const crash = (this.#dying && this.#options.crashes.next().value) || null;
    const { databaseUrl, dataDirectory, program, ttlMs, mutant, say } = this.#options;
    const key = this.#options.key ?? NO_SECRETS;
    const orders = { key, databaseUrl, dataDirectory, leaseTtlMs: ttlMs, workerId, crash, mutant };
    const child = spawn(process.execPath, [program, JSON.stringify(orders)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#living.add(child);
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
    });
    child.on('exit', (_code, signal) => {
      this.#living.delete(child);
      const point = /^crashed at (.+)$/m.exec(said)?.[1];
      if (signal === 'SIGKILL' && point !== undefined) {
        this.#deaths.push(point);
        say(`${this.kills}. ${workerId} died at ${point}`);
      }
      if (this.#living.size < this.#wanted) this.#start();
    });
  }
}
