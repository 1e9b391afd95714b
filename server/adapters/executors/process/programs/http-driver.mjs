// @ts-check
/**
 * The driver of the bundled example. It asks the workers of QPS_WORKERS which of them are servers and which are
 * clients, has all clients load all servers as SCENARIO_JSON says, and leaves in ROUNDHOUSE_RESULTS what came of it:
 * {summary, clients, timeline}. It exits 1, and says why in its last line, when a worker is lost or the figures are
 * not what the scenario demands.
 */
import { writeFileSync } from 'node:fs';
import { get, request } from 'node:http';
import { createInterface } from 'node:readline';
import { histogram, merge, percentile, round } from './histogram.mjs';

const ANSWER_MS = 10_000;

/**
 * `workMs`: how long a server takes over a request. Limits that are null are not looked at.
 * @typedef {{ seconds: number, warmupSeconds: number, concurrency: number, rate: number | null, workMs: number,
 *   maxP99Ms: number | null, minThroughput: number | null }} Scenario
 * @typedef {{ second: number, requests: number, errors: number, error: string,
 *   latency: import('./histogram.mjs').Histogram }} Second
 * @typedef {{ address: string, seconds: Second[] }} Client
 */

main().catch((error) => {
  console.error(`ERROR ${error instanceof Error ? error.message : error}`);
  process.exit(1);
});

async function main() {
  /** @type {Scenario} */
  const scenario = {
    seconds: 10,
    warmupSeconds: 1,
    concurrency: 8,
    rate: null,
    workMs: 1,
    maxP99Ms: null,
    minThroughput: null,
    ...JSON.parse(process.env.SCENARIO_JSON || '{}'),
  };
  const workers = (process.env.QPS_WORKERS ?? '').split(',').filter((address) => address !== '');
  const kinds = await Promise.all(workers.map(kindOf));
  const servers = workers.filter((_, index) => kinds[index] === 'server');
  const addresses = workers.filter((_, index) => kinds[index] === 'client');
  if (servers.length === 0 || addresses.length === 0) {
    throw new Error(`It needs a server and a client, and has ${servers.length} and ${addresses.length}.`);
  }
  console.log(`INFO clients: ${addresses.length}, servers: ${servers.length}, for ${scenario.seconds} s`);

  /** @type {Client[]} */
  const clients = addresses.map((address) => ({ address, seconds: [] }));
  let shown = 0;
  const progress = () => {
    while (clients.every(({ seconds }) => seconds.length > shown)) {
      const { second, throughput, p50Ms, p99Ms } = secondOf(clients, shown);
      console.log(`INFO second ${second}: ${throughput} requests, p50 ${p50Ms} ms, p99 ${p99Ms} ms`);
      shown += 1;
    }
  };
  await Promise.all(clients.map((client) => load(client, servers, scenario, progress)));

  const results = {
    summary: summaryOf(
      clients.flatMap(({ seconds }) => seconds),
      scenario.seconds,
    ),
    clients: clients.map(({ address, seconds }) => ({ address, ...summaryOf(seconds, scenario.seconds) })),
    timeline: Array.from({ length: shown }, (_, index) => secondOf(clients, index)),
  };
  if (process.env.ROUNDHOUSE_RESULTS) writeFileSync(process.env.ROUNDHOUSE_RESULTS, JSON.stringify(results));
  const { throughput, requests, errors, p50Ms, p99Ms } = results.summary;
  console.log(`INFO ${requests} requests, ${throughput} a second, ${errors} errors, p50 ${p50Ms} ms, p99 ${p99Ms} ms`);
  demand(results.summary, scenario, clients);
}

/**
 * Throws what the figures fall short of.
 * @param {ReturnType<typeof summaryOf>} summary
 * @param {Scenario} scenario
 * @param {readonly Client[]} clients
 */
function demand({ requests, errors, p99Ms, throughput }, { maxP99Ms, minThroughput }, clients) {
  const seconds = clients.flatMap((client) => client.seconds);
  const last = seconds.findLast(({ error }) => error !== '')?.error;
  if (requests === 0) throw new Error(`No request was answered: ${last ?? 'none was sent'}.`);
  if (errors > 0) throw new Error(`${errors} requests failed, the last one with: ${last}.`);
  if (maxP99Ms !== null && p99Ms > maxP99Ms) throw new Error(`p99 is ${p99Ms} ms; the scenario allows ${maxP99Ms} ms.`);
  if (minThroughput !== null && throughput < minThroughput) {
    throw new Error(`${throughput} requests a second; the scenario demands ${minThroughput}.`);
  }
}

/** @param {readonly Client[]} clients @param {number} index */
function secondOf(clients, index) {
  const seconds = clients.flatMap((client) => client.seconds[index] ?? []);
  const latency = merge(seconds.map((second) => second.latency));
  return {
    second: seconds[0]?.second ?? index,
    throughput: latency.count,
    p50Ms: percentile(latency, 0.5),
    p99Ms: percentile(latency, 0.99),
  };
}

/** @param {readonly Second[]} parts @param {number} seconds */
function summaryOf(parts, seconds) {
  const latency = merge([histogram(), ...parts.map((part) => part.latency)]);
  return {
    throughput: round(latency.count / seconds),
    requests: latency.count,
    errors: parts.reduce((sum, { errors }) => sum + errors, 0),
    p50Ms: percentile(latency, 0.5),
    p90Ms: percentile(latency, 0.9),
    p99Ms: percentile(latency, 0.99),
    maxMs: round(latency.maxMs),
  };
}

/** @param {string} address @returns {Promise<string>} */
function kindOf(address) {
  return new Promise((resolve, reject) => {
    const lost = () => reject(new Error(`The worker ${address} gave no answer.`));
    const asked = get(`http://${address}/kind`, { timeout: ANSWER_MS, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => {
        text += part;
      });
      response.on('error', lost);
      response.on('end', () => {
        try {
          resolve(JSON.parse(text).kind);
        } catch {
          lost();
        }
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', lost);
  });
}

/**
 * Has one client load the servers, second by second.
 * @param {Client} client
 * @param {readonly string[]} targets
 * @param {Scenario} scenario
 * @param {() => void} progress
 * @returns {Promise<void>}
 */
function load({ address, seconds }, targets, scenario, progress) {
  return new Promise((resolve, reject) => {
    const lost = () => reject(new Error(`The client ${address} was lost after ${seconds.length} seconds.`));
    const asked = request(
      `http://${address}/run`,
      { method: 'POST', agent: false, timeout: (scenario.warmupSeconds + 2) * 1_000 + ANSWER_MS },
      (response) => {
        response.on('error', lost);
        response.on('close', lost);
        const lines = createInterface({ input: response });
        lines.on('error', lost);
        lines.on('line', (line) => {
          const said = JSON.parse(line);
          if (said.done) return resolve();
          seconds.push(said);
          progress();
        });
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', lost);
    const { seconds: duration, warmupSeconds, concurrency, rate, workMs } = scenario;
    asked.end(JSON.stringify({ targets, seconds: duration, warmupSeconds, concurrency, rate, workMs }));
  });
}
