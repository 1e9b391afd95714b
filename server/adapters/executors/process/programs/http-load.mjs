// @ts-check
/**
 * A load client of the bundled example. On PORT: GET /health, GET /kind, and POST /run with
 * {targets, seconds, warmupSeconds, concurrency, rate, workMs}: it keeps so many requests under way, or starts so many
 * a second where `rate` is given, and answers JSON lines: {"second": 0, "requests", "errors", "latency"} after each
 * second that counts, and {"done": true} at the end. Errors are counted; the last one's text comes along.
 */
import { Agent, createServer, get } from 'node:http';
import { histogram, percentile, record } from './histogram.mjs';

const REQUEST_MS = 10_000;
const port = Number(process.env.PORT);
const kind = process.env.WORKER_KIND ?? 'client';

/**
 * @typedef {{ targets: string[], seconds: number, warmupSeconds: number, concurrency: number, rate: number | null,
 *   workMs: number }} Order
 */

const server = createServer(async (request, response) => {
  if (request.method === 'POST' && request.url === '/run') return answerRun(request, response);
  const known = request.url === '/health' ? { healthy: true } : request.url === '/kind' ? { kind } : null;
  response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(known ?? {}));
});
server.on('error', (error) => {
  console.error(`ERROR ${error.message}`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => console.log(`INFO listening on port ${port}`));
process.on('SIGTERM', () => process.exit(0));

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answerRun(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const order = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const stopped = new AbortController();
  response.on('close', () => stopped.abort());
  await run(order, (line) => response.write(`${JSON.stringify(line)}\n`), stopped.signal);
  response.end(`${JSON.stringify({ done: true })}\n`);
}

/**
 * @param {Order} order
 * @param {(line: object) => void} tell
 * @param {AbortSignal} stopped
 */
async function run({ targets, seconds, warmupSeconds, concurrency, rate, workMs }, tell, stopped) {
  console.log(`INFO running for ${seconds} s after ${warmupSeconds} s to warm up, ${concurrency} at once`);
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const begun = performance.now();
  const end = begun + (warmupSeconds + seconds) * 1_000;
  let second = -warmupSeconds;
  let current = { requests: 0, errors: 0, error: '', latency: histogram() };
  let sent = 0;

  const report = () => {
    const { requests, errors, latency } = current;
    const when = second < 0 ? 'warming up' : `second ${second}`;
    console.log(`INFO ${when}: ${requests} requests, ${errors} errors, p99 ${percentile(latency, 0.99)} ms`);
    if (errors > 0) console.log(`WARN ${current.error}`);
    if (second >= 0) tell({ second, ...current });
    second += 1;
    current = { requests: 0, errors: 0, error: '', latency: histogram() };
  };
  const ticking = setInterval(report, 1_000);

  const client = async () => {
    while (performance.now() < end && !stopped.aborted) {
      const number = sent;
      sent += 1;
      const due = rate === null ? 0 : begun + (number * 1_000) / rate - performance.now();
      if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
      if (performance.now() >= end) return;
      const from = performance.now();
      try {
        await ask(`http://${targets[number % targets.length]}/work?ms=${workMs}`, agent);
        current.requests += 1;
        record(current.latency, performance.now() - from);
      } catch (error) {
        current.errors += 1;
        current.error = error instanceof Error ? error.message : String(error);
        // A server that refuses is not asked in a tight loop.
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  clearInterval(ticking);
  if (second < seconds) report();
  agent.destroy();
}

/**
 * @param {string} url
 * @param {Agent} agent
 * @returns {Promise<void>}
 */
function ask(url, agent) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: REQUEST_MS }, (response) => {
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${response.statusCode}`)),
      );
      response.resume();
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
  });
}
