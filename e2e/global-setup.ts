import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

/**
 * Starts the product as a newcomer does, on an empty data directory. Tests find in the environment: its address
 * (ROUNDHOUSE_E2E_ADDRESS, the base URL as well), the first sign-in link (ROUNDHOUSE_E2E_LINK), and the data directory
 * (ROUNDHOUSE_E2E_DATA), whose running.json names the processes of web and worker. The worker watches its `plugins`.
 * Afterwards nothing may be left running.
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const data = await mkdtemp(join(tmpdir(), 'roundhouse-e2e-'));
  const port = await freePort();
  const env = {
    ...process.env,
    ROUNDHOUSE_DATA: data,
    ROUNDHOUSE_PORT: String(port),
    ROUNDHOUSE_PLUGINS: process.env.ROUNDHOUSE_E2E_PLUGINS ?? join(data, 'plugins'),
    DATABASE_URL: '',
    ROUNDHOUSE_URL: '',
  };
  const product = spawn(process.execPath, ['scripts/start.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => product.once('close', () => resolve()));
  const lines = createInterface({ input: product.stdout });
  lines.on('line', (line) => console.log(`  ${line}`));

  const tearDown = async () => {
    product.kill('SIGTERM');
    await ended;
    await promisify(execFile)('npm', ['run', '--silent', 'down'], { env });
    const left = processesOf(data);
    rmSync(data, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`Processes were left behind:\n${left.join('\n')}`);
  };
  try {
    process.env.ROUNDHOUSE_E2E_LINK = await firstSignInLink(lines, ended);
  } catch (error) {
    await tearDown();
    throw error;
  }
  process.env.ROUNDHOUSE_E2E_ADDRESS = `http://127.0.0.1:${port}`;
  process.env.ROUNDHOUSE_E2E_DATA = data;
  return tearDown;
}

/** The link is the last thing that a start on an empty directory prints of interest. */
function firstSignInLink(lines: ReturnType<typeof createInterface>, ended: Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const link = /https?:\/\/\S+#\S+/.exec(line);
      if (link !== null) resolve(link[0]);
    });
    ended.then(() => reject(new Error('The product ended before it gave a sign-in link.')));
  });
}

function processesOf(data: string): readonly string[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(whatRuns).filter((told) => told.includes(data));
}

/** The command and the directory of a process. */
function whatRuns(pid: string): string {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return `${pid} ${command}in ${readlinkSync(`/proc/${pid}/cwd`)}`;
  } catch {
    return ''; // it has just ended
  }
}
