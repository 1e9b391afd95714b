import { type RequestOptions, request } from 'node:http';
import { request as secureRequest } from 'node:https';

interface Ask extends Pick<RequestOptions, 'socketPath' | 'host' | 'port' | 'path' | 'method' | 'headers' | 'lookup'> {
  readonly secure?: boolean;
  readonly body?: string;
  readonly limitBytes: number;
  readonly signal: AbortSignal;
}

/** One request on a connection of its own; no redirect is followed. Rejects where the answer is larger than the limit. */
export function exchange({ secure = false, body, limitBytes, ...options }: Ask): Promise<{
  readonly status: number;
  readonly text: string;
}> {
  return new Promise((resolve, reject) => {
    const asked = (secure ? secureRequest : request)({ ...options, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= limitBytes) chunks.push(chunk);
        else {
          // Before the request is ended, since what has arrived already may end the answer in order.
          reject(new Error(`the answer is larger than ${limitBytes} bytes`));
          asked.destroy();
        }
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
