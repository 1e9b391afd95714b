import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import type { Call, Environment } from '../../domain/cycle/environment.ts';

/** How instances drain: at once; after the work in progress is done; never by themselves. */
export type DrainPace = 'quick' | 'slow' | 'stuck';

/**
 * A back end of its own for one test, with two empty declared clusters (maximum size at least 10), and the ways to
 * make its world misbehave. Waiting is left to the back end, so that one on a simulated clock need not wait.
 */
export interface Rig {
  readonly environment: Environment;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly otherClusterId: string;
  /** Now, on the clock that deadlines of calls are written in. */
  now(): number;
  /** Lets a moment pass in the back end's world. A state is expected after at most `patience` moments. */
  moment(): Promise<void>;
  readonly patience: number;
  /** Edits the declared spec of the first cluster and answers its new config; it stays startable. */
  changeSpec(): Promise<string>;
  /** How instances of both clusters that are started after this will drain. Quick at first. */
  setDrainPace(pace: DrainPace): Promise<void>;
  /** The next start takes full effect, and then its call rejects with a temporary error. */
  loseNextAnswer(): Promise<void>;
  /** The machine's program dies by itself; the machine stays listed until it is terminated. */
  killInstance(id: string): Promise<void>;
  /** The machine is taken away behind our back and is no longer listed. */
  removeInstance(id: string): Promise<void>;
  /** Ends everything. Answers what it could not end: processes, connections, rows. */
  close(): Promise<readonly string[]>;
}

/** What every back end must hold, run as tests on it. Call it at the top of an `*.itest.ts`. */
export function environmentConformance(name: string, setup: () => Promise<Rig>): void {
  describe(`${name} conforms to Environment`, () => {
    let rig: Rig;
    let environment: Environment;
    let count = 0;

    beforeEach(async () => {
      rig = await setup();
      environment = rig.environment;
    });
    afterEach(async () => {
      expect(await rig.close()).toEqual([]);
    });

    const never = new AbortController().signal;
    const token = () => `cycle/${++count}/1`;
    const call = (overrides: Partial<Call> = {}): Call => ({
      token: token(),
      deadline: rig.now() + 20_000,
      signal: never,
      ...overrides,
    });
    const look = (clusterId = rig.clusterId): Promise<Cluster> => environment.describeCluster(clusterId, never);

    test('an unknown cluster is CLUSTER_UNKNOWN, by id, by name and for a start', async () => {
      await expect(environment.lookupClusterId('no-such-cluster', never)).rejects.toMatchObject({ code: 'CLUSTER_UNKNOWN' });
      await expect(environment.describeCluster('no-such-cluster', never)).rejects.toMatchObject({ code: 'CLUSTER_UNKNOWN' });
      await expect(environment.startInstances('no-such-cluster', 1, call())).rejects.toMatchObject({ code: 'CLUSTER_UNKNOWN' });
      await expect(environment.lookupClusterId(rig.clusterName, never)).resolves.toBe(rig.clusterId);
      await expect(look()).resolves.toMatchObject({ id: rig.clusterId, name: rig.clusterName, instances: [] });
    });
  });
}

