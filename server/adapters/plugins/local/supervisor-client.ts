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

function ask({ id, socket }: MachineIdentity, method: string, path: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'roundhouse-machine': id };
    const asked = request({ socketPath: socket, method, path, headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        try {
          const refused = response.statusCode === 409;
          if (response.statusCode !== 200 && !refused)
            throw new Error(`${id} answered ${response.statusCode} to ${path}`);
          resolve({ refused, state: machineStateSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))) });
        } catch (error) {
          reject(error);
        }
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}
