import { request } from 'node:http';
import { type MachineIdentity, type MachineState, machineStateSchema } from './machine-files.ts';

export type Order = 'drain' | 'undrain' | 'stop';

/** What a supervisor answered. `refused`: it cannot do that now. */
export interface Answer {
  readonly refused: boolean;
  readonly state: MachineState;
}

/** Asks the supervisor for its machine's state. Rejects if it gives no answer. */
export function askState(machine: MachineIdentity, signal: AbortSignal): Promise<Answer> {
  return ask(machine, 'GET', '/status', signal);
}

export function giveOrder(machine: MachineIdentity, order: Order, signal: AbortSignal): Promise<Answer> {
  return ask(machine, 'POST', `/${order}`, signal);
}

async function ask(machine: MachineIdentity, method: string, path: string, signal: AbortSignal): Promise<Answer> {
  const { status, body } = await askSupervisor(machine, { method, path }, signal);
  const refused = status === 409;
  if (status !== 200 && !refused) throw new Error(`${machine.id} answered ${status} to ${path}`);
  return { refused, state: machineStateSchema.parse(body) };
}

/** Any answer that is JSON. Rejects if there is none. */
export function askSupervisor(
  { id, socket }: MachineIdentity,
  { method, path, body }: { method: string; path: string; body?: object },
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: unknown }> {
  return new Promise((resolve, reject) => {
    const headers = { 'roundhouse-machine': id };
    const asked = request({ socketPath: socket, method, path, headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        try {
          const answer: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
          resolve({ status: response.statusCode ?? 500, body: answer });
        } catch (error) {
          reject(error);
        }
      });
    });
    asked.on('error', reject);
    asked.end(body && JSON.stringify(body));
  });
}
