import type { ComponentSpec, SessionSpec } from '../../server/domain/session/session.ts';

/** A pool that can run sessions, and how many of its machines are free. */
interface FreePool {
  readonly name: string;
  readonly free: number;
}

/**
 * The bundled load test: a server, two clients that load it, and a driver that reports throughput and latency. Each is
 * on the pool that has most machines left, so that it starts at once wherever that is possible.
 */
export function loadExample(pools: readonly FreePool[]): SessionSpec {
  const served = { ports: [{ name: 'http', port: 0 }], probe: { port: 'http', path: '/health' } };
  const base = { pool: '', command: [], env: {}, secrets: [], configs: [] };
  const components: readonly ComponentSpec[] = [
    { ...base, ...served, name: 'server-1', kind: 'server', image: 'http-server' },
    { ...base, ...served, name: 'client-1', kind: 'client', image: 'http-load' },
    { ...base, ...served, name: 'client-2', kind: 'client', image: 'http-load' },
    { ...base, name: 'driver', kind: 'driver', image: 'http-driver', ports: [], probe: null },
  ];
  return {
    name: 'http-load',
    components: placed(components, pools),
    scenario: { seconds: 10, warmupSeconds: 1, concurrency: 4 },
    timeouts: { queueMs: 0, provisionMs: 120_000, testMs: 300_000 },
    labels: {},
    priority: 0,
  };
}

/** A component stays on the pool of the one before it unless another has more left. */
function placed(components: readonly ComponentSpec[], pools: readonly FreePool[]): readonly ComponentSpec[] {
  const left = new Map(pools.map(({ name, free }) => [name, free]));
  let pool = '';
  return components.map((component) => {
    for (const [name, free] of left) if (free > (left.get(pool) ?? Number.NEGATIVE_INFINITY)) pool = name;
    left.set(pool, (left.get(pool) ?? 0) - 1);
    return { ...component, pool };
  });
}
