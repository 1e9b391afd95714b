import type { ComponentSpec, SessionSpec } from '../../server/domain/session/session.ts';

/** The bundled load test: a server, two clients that load it, and a driver that reports throughput and latency. */
export function loadExample(pool: string): SessionSpec {
  const served = { ports: [{ name: 'http', port: 0 }], probe: { port: 'http', path: '/health' } };
  const base = { pool, command: [], env: {}, secrets: [], configs: [] };
  const components: readonly ComponentSpec[] = [
    { ...base, ...served, name: 'server-1', kind: 'server', image: 'http-server' },
    { ...base, ...served, name: 'client-1', kind: 'client', image: 'http-load' },
    { ...base, ...served, name: 'client-2', kind: 'client', image: 'http-load' },
    { ...base, name: 'driver', kind: 'driver', image: 'http-driver', ports: [], probe: null },
  ];
  return {
    name: 'http-load',
    components,
    scenario: { seconds: 10, warmupSeconds: 1, concurrency: 4 },
    timeouts: { queueMs: 0, provisionMs: 120_000, testMs: 300_000 },
    labels: {},
    priority: 0,
  };
}
