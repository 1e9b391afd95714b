import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import Docker from 'dockerode';

const run = promisify(execFile);
const START_MS = 20_000;
/** What the daemon may take to end: it ends its containers first. */
export const STOP_MS = 20_000;
const APPLETS = [
  'sh',
  'sleep',
  'cat',
  'echo',
  'env',
  'mkdir',
  'ls',
  'cut',
  'head',
  'seq',
  'tr',
  'printf',
  'true',
  'nc',
  'httpd',
];
const IMAGE = 'roundhouse-test';

/** A Docker engine of this test's own, which has one image: busybox, by the tags `1` and `checked` (healthy where /tmp/healthy is). */
export interface TestEngine {
  readonly socket: string;
  readonly docker: Docker;
  /** The image's ids, which begin with `sha256:`. */
  readonly image: string;
  readonly checkedImage: string;
  /** Ends it. Answers what it left behind. */
  stop(): Promise<readonly string[]>;
}

/** Or why there can be none here, for people. */
export async function startTestEngine(): Promise<TestEngine | string> {
  const missing = whyNot();
  if (missing !== null) return missing;
  return start().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
}

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'one is started for tests on Linux only';
  if (process.getuid?.() !== 0) return 'only root may start one';
  if (daemon() === undefined) return 'there is no dockerd (Debian: docker.io)';
  if (busybox() === undefined) return 'there is no busybox for its image (Debian: busybox-static)';
  return null;
}

function daemon(): string | undefined {
  return ['/usr/sbin/dockerd', '/usr/bin/dockerd', '/usr/local/bin/dockerd'].find((path) => existsSync(path));
}

function busybox(): string | undefined {
  return ['/usr/bin/busybox', '/bin/busybox'].find((path) => existsSync(path));
}

async function start(): Promise<TestEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'rh-docker-'));
  const socket = join(directory, 'docker.sock');
  const child = await startDaemon(directory, socket);
  // A run that is ended leaves no daemon behind.
  const endWithUs = () => child.kill('SIGTERM');
  process.on('exit', endWithUs);
  const docker = new Docker({ socketPath: socket });
  try {
    await whenReady(docker, child, join(directory, 'log'));
    await makeRootfs(directory);
    const image = await importImage(docker, directory, '1', []);
    const checkedImage = await importImage(docker, directory, 'checked', [
      'HEALTHCHECK --interval=200ms --timeout=2s --retries=1 CMD ["cat", "/tmp/healthy"]',
    ]);
    return { socket, docker, image, checkedImage, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function stop(): Promise<readonly string[]> {
    process.off('exit', endWithUs);
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const inTime = await Promise.race([exited.then(() => true), sleep(STOP_MS, false, { ref: false })]);
      if (!inTime) return [`dockerd ${child.pid}`];
    }
    // The daemon leaves the mount of the host's network behind, and one that could not start its data's.
    for (const mount of ['exec/netns/default', 'data']) await run('umount', [join(directory, mount)]).catch(() => {});
    await rm(directory, { recursive: true });
    return [];
  }
}

async function startDaemon(directory: string, socket: string): Promise<ChildProcess> {
  const log = await open(join(directory, 'log'), 'a');
  const child = spawn(
    daemon() ?? '',
    [
      ...['--host', `unix://${socket}`, '--pidfile', join(directory, 'docker.pid')],
      ...['--data-root', join(directory, 'data'), '--exec-root', join(directory, 'exec')],
      ...['--bridge', 'none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'],
      ...['--storage-driver', 'vfs'],
    ],
    { cwd: directory, stdio: ['ignore', log.fd, log.fd] },
  );
  await once(child, 'spawn');
  await log.close();
  return child;
}

async function whenReady(docker: Docker, child: ChildProcess, log: string): Promise<void> {
  for (const end = Date.now() + START_MS; ; await sleep(50)) {
    const answers = await docker.ping().then(
      () => true,
      () => false,
    );
    if (answers) return;
    if (child.exitCode === null && Date.now() < end) continue;
    const lines = (await readFile(log, 'utf8')).trim().split('\n');
    throw new Error(`dockerd does not start here:\n${lines.slice(-5).join('\n')}`);
  }
}

async function makeRootfs(directory: string): Promise<void> {
  const root = join(directory, 'rootfs');
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(join(root, 'tmp'));
  await copyFile(busybox() ?? '', join(root, 'bin/busybox'));
  for (const applet of APPLETS) await symlink('busybox', join(root, 'bin', applet));
  await run('tar', ['-C', root, '-cf', join(directory, 'rootfs.tar'), '.']);
}

/** Answers its id. */
async function importImage(
  docker: Docker,
  directory: string,
  tag: string,
  changes: readonly string[],
): Promise<string> {
  const file = createReadStream(join(directory, 'rootfs.tar'));
  const stream = await docker.importImage(file, { repo: IMAGE, tag, changes });
  for await (const _ of stream);
  return (await docker.getImage(`${IMAGE}:${tag}`).inspect()).Id;
}
