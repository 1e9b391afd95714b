// @ts-check
/**
 * The program that a local machine runs when its spec names no command: it works on jobs without end and answers
 * HTTP on a loopback port of its own. Ordered to drain, it takes no new job and exits 0 when the last one is done.
 *
 * Arguments: version, jobs at once, duration of a job in milliseconds.
 */
import { createServer } from 'node:http';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';

const [version = '', atOnce = '0', durationMs = '1000'] = process.argv.slice(2);

/** @type {Map<string, number>} */
const jobs = new Map();
let jobsTaken = 0;
let draining = false;

const control = new Socket({ fd: 3, readable: true, writable: true });
const orders = createInterface({ input: control });
// Without its supervisor it works on; SIGTERM still drains it. An error of the one is an error of the other too.
control.on('error', () => control.destroy());
orders.on('error', () => control.destroy());

/** @param {object} message */
function tell(message) {
  if (control.writable) control.write(`${JSON.stringify(message)}\n`);
}

function report() {
  tell({ draining, workloads: [...jobs].map(([name, since]) => ({ name, since })) });
}

/** @param {number} duration */
function takeJob(duration) {
  jobsTaken += 1;
  const name = `job-${jobsTaken}`;
  jobs.set(name, Date.now());
  setTimeout(() => {
    jobs.delete(name);
    if (!draining) takeJob(Number(durationMs));
    report();
    exitWhenDrained();
  }, duration);
}

function takeJobs() {
  while (jobs.size < Number(atOnce)) {
    // The first ones are spread out, so that they do not all end together.
    takeJob(Math.ceil((Number(durationMs) * (jobs.size + 1)) / Number(atOnce)));
  }
}

/** @param {boolean} wanted */
function drain(wanted) {
  draining = wanted;
  if (!draining) takeJobs();
  report();
  exitWhenDrained();
}

function exitWhenDrained() {
  if (draining && jobs.size === 0) process.exit(0);
}

process.on('SIGTERM', () => drain(true));
orders.on('line', (line) => drain(JSON.parse(line).order === 'drain'));

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ version, draining, jobs: [...jobs.keys()] }));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  takeJobs();
  tell({
    hello: {
      orders: ['drain', 'undrain'],
      port: address !== null && typeof address === 'object' ? address.port : null,
    },
  });
  report();
});
