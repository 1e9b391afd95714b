import { access, constants, mkdir } from 'node:fs/promises';
import type { ConnectionStep } from '../../../domain/instance/connection.ts';

/** A worker of the host is all that is needed, where it can keep machines. */
export function localConnection(dataDirectory: string): ConnectionStep[] {
  return [
    {
      what: `Machines can be kept in ${dataDirectory}`,
      async attempt() {
        await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
        await access(dataDirectory, constants.R_OK | constants.W_OK | constants.X_OK);
        return null;
      },
    },
  ];
}
