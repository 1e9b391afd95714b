import type { ExecutionRecord } from '../domain/session/session-store.ts';

/** A component that nothing was done with yet, for the tests of those who lead, watch and listen to one. */
export const EXECUTION: ExecutionRecord = {
  id: 'exe',
  name: 'server',
  kind: 'server',
  machine: { environmentId: 'e', clusterId: 'c', instanceId: 'm' },
  workload: { image: null, command: ['true'], env: {}, ports: [], probe: null, secrets: [], configs: [] },
  desiredState: 'RUNNING',
  status: { state: 'NEW', message: '', err: '', container: null, ports: null, timestamp: null },
  exitCode: null,
  startedAt: null,
  exitedAt: null,
  signal: null,
  attempt: 0,
  retryAt: null,
  health: 'unknown',
  healthReason: '',
  healthSince: null,
  logLines: 0,
  removed: false,
};
