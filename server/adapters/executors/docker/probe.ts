import { get } from 'node:http';
import { createConnection } from 'node:net';
import type { PortStatus, Probe } from '../../../domain/execution/execution.ts';

const ANSWER_MS = 2_000;

/** Why it is not ready, in words; null = it is. */
export async function probeFailure(probe: Probe, ports: readonly PortStatus[]): Promise<string | null> {
  const address = ports.find(({ name }) => name === probe.port)?.address;
  if (address === undefined) return `no port ${probe.port} to probe`;
  return probe.path === null ? connect(address) : request(`http://${address}${probe.path}`);
}

function connect(address: string): Promise<string | null> {
  const { hostname, port } = new URL(`http://${address}`);
  return new Promise((resolve) => {
    const socket = createConnection({ host: hostname, port: Number(port), timeout: ANSWER_MS });
    const end = (failure: string | null) => {
      socket.destroy();
      resolve(failure);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('no answer in time'));
    socket.once('error', () => end('not listening yet'));
  });
}

function request(url: string): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = get(url, { agent: false, timeout: ANSWER_MS }, (answer) => {
      const status = answer.statusCode ?? 0;
      answer.destroy();
      resolve(status >= 200 && status < 300 ? null : `HTTP ${status}`);
    });
    asked.once('timeout', () => {
      asked.destroy();
      resolve('no answer in time');
    });
    asked.once('error', () => resolve('not listening yet'));
  });
}
