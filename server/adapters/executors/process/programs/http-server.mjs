// @ts-check
/**
 * The server of the bundled example. On PORT: GET /health, GET /kind, GET /work?ms=N, which answers after N ms.
 * FAIL_AFTER_MS in its environment makes it fail so long after its start.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const REPORT_MS = 5_000;
const SLOW_MS = 250;
const LONGEST_MS = 10_000;
const port = Number(process.env.PORT);
const kind = process.env.WORKER_KIND ?? 'server';
const failAfterMs = Number(process.env.FAIL_AFTER_MS ?? 0);

let answered = 0;
let slow = 0;

const server = createServer((request, response) => {
  const begun = performance.now();
  const url = new URL(request.url ?? '/', 'http://server');
  /** @param {number} status @param {object} body */
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (url.pathname === '/health') return answer(200, { healthy: true });
  if (url.pathname === '/kind') return answer(200, { kind });
  if (url.pathname !== '/work') return answer(404, {});
  const ms = Math.min(Math.max(0, Number(url.searchParams.get('ms') ?? 0) || 0), LONGEST_MS);
  // A little of what a server does: some computing, some waiting.
  const digest = createHash('sha256').update(`${answered}`.repeat(64)).digest('hex');
  const done = () => {
    answered += 1;
    const tookMs = performance.now() - begun;
    if (tookMs >= SLOW_MS) slow += 1;
    answer(200, { digest, tookMs });
  };
  if (ms === 0) done();
  else setTimeout(done, ms);
});
server.on('error', (error) => {
  console.error(`ERROR ${error.message}`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => console.log(`INFO listening on port ${port}`));

let reported = 0;
setInterval(() => {
  if (answered === reported) return;
  console.log(
    `INFO answered ${answered} requests, ${Math.round((answered - reported) / (REPORT_MS / 1_000))} a second`,
  );
  if (slow > 0) console.log(`WARN ${slow} requests took ${SLOW_MS} ms or longer`);
  reported = answered;
  slow = 0;
}, REPORT_MS).unref();

if (failAfterMs > 0) {
  setTimeout(() => {
    console.error(`ERROR failing after ${failAfterMs} ms, as FAIL_AFTER_MS says`);
    process.exit(3);
  }, failAfterMs);
}
process.on('SIGTERM', () => {
  console.log(`INFO ending after ${answered} requests`);
  process.exit(0);
});
