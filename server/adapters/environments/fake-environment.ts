import type { Cluster } from '../../domain/cluster/cluster.ts';
import type { Capabilities, Environment } from '../../domain/cycle/environment.ts';

interface Read {
  readonly signal: AbortSignal;
  readonly answer: (cluster: Cluster) => void;
  readonly fail: (error: Error) => void;
}

/** For tests of decorators: a read answers when the test says so, and writes fail while the test wants it. */
export class FakeEnvironment implements Environment {
  readonly name = 'fake';
  readonly capabilities: Capabilities = { undrain: true, close: false, token: 'atomic', observesDrain: true };
  readonly reads: Read[] = [];
  failure: Error | null = null;

  async lookupClusterId(name: string): Promise<string> {
    return `id of ${name}`;
  }

  describeCluster(_id: string, signal: AbortSignal): Promise<Cluster> {
    return new Promise((answer, fail) => this.reads.push({ signal, answer, fail }));
  }

  async startInstances(): Promise<void> {
    if (this.failure) throw this.failure;
  }

  drainInstances = this.startInstances;
  terminateInstances = this.startInstances;
  undrainInstances = this.startInstances;
  waitInstances = this.startInstances;
}
