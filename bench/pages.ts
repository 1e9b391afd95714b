/**
 * What the pages of the built product feel like on a processor four times as slow, in Chromium, with a fleet of 50
 * clusters, one of 2,000 and one of 5,000 instances, and a cycle that runs. What is felt is the median of three visits,
 * a longest task that of the worst of them.
 * The heap of the cycle's page is watched for five minutes; `--minutes 60` is the whole proof, `--heap-only` that alone.
 */
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { z } from 'zod';
import config from '../playwright.config.ts';
import { fillFleet, SLOW } from './product/fleet.ts';
import { Gates, median } from './product/gates.ts';
import { type Product, startProduct } from './product/product.ts';

const VISITS = 3;
const SLOWER = 4;
const LCP_MS = 2_000;
const INP_MS = 150;
const CLS = 0.05;
const LONG_TASK_MS = 50;
const DRAW_MS = 200;
const HEAP_GROWTH = 0.05;
/** Until a page has what it shows, and the browser has thrown away the code of what is done once. */
const WARM_MS = 600_000;
/** A third of the heap is what the browser compiles, and it goes on with that as it sees fit; the rest is the page's. */
const WITHOUT_COMPILER = '--js-flags=--jitless';
/** So often a long watch tells how it stands. */
const TELL_MS = 600_000;
/** As long as the browser is busy with a new tab. */
const TAB_MS = 2_000;
/** What no interaction entry is made of lasts no longer. */
const UNSEEN_MS = 16;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, 'heap-only': { type: 'boolean', default: false } },
});

/** Something that a person does, and how it is called in the figures. */
type Deed = readonly [name: string, act: (page: Page) => Promise<void>];

interface Visited {
  readonly name: string;
  readonly path: string;
  readonly deeds: readonly Deed[];
}

/** Else Playwright finds out within the click what it hits, which takes a tenth of a second here and counts as the page's. */
const atOnce = { force: true };

const palette: Deed = ['opens the palette', (page) => page.keyboard.press('Control+k')];
const closes: Deed = ['closes it', (page) => page.keyboard.press('Escape')];
const types = (label: string, text: string): readonly Deed[] => [
  [`types in ${label}`, (page) => page.getByLabel(label, { exact: true }).pressSequentially(text, { delay: 80 })],
  ['clears it', (page) => page.getByLabel(label, { exact: true }).press('Escape')],
];
const presses = (name: string): Deed => [
  `presses ${name}`,
  (page) => page.getByRole('main').getByRole('button', { name, exact: true }).click(atOnce),
];
const follows = (name: RegExp): Deed => [
  `follows ${name.source}`,
  (page) => page.getByRole('main').getByRole('link', { name }).first().click(atOnce),
];

function pagesOf(cycleId: string): readonly Visited[] {
  return [
    { name: 'overview', path: '/', deeds: [palette, closes] },
    {
      name: 'clusters',
      path: '/clusters',
      deeds: [...types('Filter clusters', 'web'), palette, closes],
    },
    {
      name: 'cluster of 2,000',
      path: '/clusters/bench/grid',
      deeds: [
        ...types('Filter instances', 'drain'),
        presses('Table'),
        presses('Grid'),
        presses('Grid and table'),
        ['opens an instance', (page) => page.getByRole('row').getByRole('button').first().click(atOnce)],
        follows(/^Cycles/),
        palette,
        closes,
      ],
    },
    { name: 'cycle', path: `/cycles/${cycleId}`, deeds: [presses('Steps'), palette, closes] },
    { name: 'preview', path: '/clusters/staging/stream-workers/preview', deeds: [palette, closes] },
    { name: 'pools', path: '/pools', deeds: [palette, closes] },
  ];
}

const traceSchema = z.object({
  traceEvents: z.array(
    z.looseObject({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      /** Microseconds that passed, and that the thread had a processor. */
      dur: z.number().default(0),
      tdur: z.number().default(0),
      args: z.object({ name: z.string().optional().catch(undefined) }).default({}),
    }),
  ),
});

const gates = new Gates();
const product = await startProduct(['web', 'worker'], fillFleet);
const browser = await chromium.launch(config.use?.launchOptions);
try {
  const cycleId = await startCycle(product);
  if (!values['heap-only']) await measurePages(cycleId);
  await watchHeap(cycleId, Number(values.minutes) * 60_000);
} finally {
  await browser.close();
  await product.stop();
}
gates.end();

async function measurePages(cycleId: string): Promise<void> {
  for (const visited of pagesOf(cycleId)) await feel(visited);
  await scroll('2,000 cells', '/clusters/bench/grid?view=grid');
  await scroll('5,000 rows', '/clusters/bench/table?view=table');
  await draw();
  await countStreams(['/clusters', `/cycles/${cycleId}`, '/clusters/bench/grid']);
}

/** Approves a cycle of the slow cluster, as soon as its facts are there. */
async function startCycle({ query, mutate }: Product): Promise<string> {
  const clusterId = SLOW.id;
  const clusterSchema = z.object({ observedAt: z.number().nullable() });
  const names = { environment: SLOW.environment, cluster: SLOW.name };
  while (clusterSchema.parse(await query('cluster.byName', names)).observedAt === null) await delay(1_000);
  const previewSchema = z.object({ fingerprint: z.string(), checks: z.array(z.object({ id: z.string() })) });
  const { fingerprint, checks } = previewSchema.parse(await query('cluster.preview', { clusterId }));
  const ticked = checks.map(({ id }) => id);
  const planId = z.string().parse(await mutate('plan.create', { clusterId, fingerprint, ticked }));
  const approved = await mutate('plan.approve', { planId, fingerprint });
  return z.object({ cycleId: z.string() }).parse(approved).cycleId;
}

async function newContext(of = browser): Promise<BrowserContext> {
  const context = await of.newContext({ viewport: { width: 1440, height: 900 }, timezoneId: 'Asia/Kathmandu' });
  const [name = '', ...rest] = product.cookie.split('; ').flatMap((cookie) => cookie.split(/=(.*)/s).slice(0, 2));
  await context.addCookies([{ name, value: rest.join('='), url: product.address }]);
  await context.addInitScript({ path: 'bench/product/vitals.js' });
  return context;
}

/** A first visit, on a slow processor. */
async function visit(path: string): Promise<Page> {
  const page = await (await newContext()).newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  // What the browser does to open a tab is none of what a page takes.
  await delay(TAB_MS);
  await page.goto(product.address + path, { waitUntil: 'load' });
  await page.getByRole('main').waitFor();
  await settle(page);
  return page;
}

/** Until the page has had nothing to do for half a second. */
async function settle(page: Page): Promise<void> {
  const idleMs = 'performance.now() - Math.max(0, ...vitals.longTasks.map((task) => task.at + task.ms))';
  do await delay(500);
  while (z.number().parse(await page.evaluate(idleMs)) < 500);
}

async function feel({ name, path, deeds }: Visited): Promise<void> {
  console.log(`${name} ${path}, load ${loadavg()[0]?.toFixed(1)}`);
  const lcp: number[] = [];
  const cls: number[] = [];
  const felt = new Map<string, number[]>();
  for (let round = 0; round < VISITS; round += 1) {
    const page = await visit(path);
    for (const [deed, act] of deeds) felt.set(deed, [...(felt.get(deed) ?? []), await timed(page, act)]);
    lcp.push(
      z
        .number()
        .positive()
        .parse(await page.evaluate('vitals.lcp')),
    );
    cls.push(z.number().parse(await page.evaluate('vitals.cls')));
    await page.context().close();
  }
  gates.atMost(`${name}: largest paint`, median(lcp), LCP_MS, 'ms');
  gates.atMost(`${name}: layout shift`, median(cls), CLS, '');
  const worst = [...felt].map(([deed, times]) => ({ deed, ms: median(times) })).sort((a, b) => b.ms - a.ms);
  for (const { deed, ms } of worst.slice(1)) gates.told(`${name}: ${deed}`, `${ms} ms`);
  for (const { deed, ms } of worst.slice(0, 1)) gates.atMost(`${name}: ${deed}`, ms, INP_MS, 'ms');
}

/** How long the longest of its key presses and clicks took to the next paint. */
async function timed(page: Page, act: (page: Page) => Promise<void>): Promise<number> {
  const from = z.number().parse(await page.evaluate('performance.now()'));
  await act(page);
  await settle(page);
  const seen = await page.evaluate(`vitals.interactions.filter(({ at }) => at >= ${from}).map(({ ms }) => ms)`);
  return Math.max(UNSEEN_MS, ...z.array(z.number()).parse(seen));
}

/** Down to the end by the wheel; what scrolls is under the middle of the page. */
async function scroll(name: string, path: string): Promise<void> {
  console.log(`${name} ${path}, load ${loadavg()[0]?.toFixed(1)}`);
  const longest: LongestTask[] = [];
  for (let round = 0; round < VISITS; round += 1) {
    const page = await visit(path);
    await page.mouse.move(720, 600);
    // Without hiding the caret, for which the whole page would get another style.
    const before = await page.screenshot({ caret: 'initial' });
    const scrolled = async () => {
      for (let turn = 0; turn < 60; turn += 1) {
        await page.mouse.wheel(0, 500);
        await delay(50);
      }
      await delay(500);
    };
    longest.push(await longestTask(page, scrolled));
    if (before.equals(await page.screenshot({ caret: 'initial' }))) throw new Error(`${path} does not scroll`);
    await page.context().close();
  }
  // Not one of the visits may have a longer one.
  judge(`${name}: longest task while they scroll`, worstOf(longest), LONG_TASK_MS);
}

/**
 * Milliseconds of the longest task of a page. It counts with the time that it had a processor: the product, which would
 * be on another machine, has the others here.
 */
interface LongestTask {
  readonly had: number;
  readonly passed: number;
}

async function longestTask(page: Page, act: () => Promise<unknown>): Promise<LongestTask> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  await act();
  const tasks = tasksOf(await browser.stopTracing());
  return {
    had: Math.max(...tasks.map(({ tdur }) => tdur)) / 1_000,
    passed: Math.max(...tasks.map(({ dur }) => dur)) / 1_000,
  };
}

function worstOf(tasks: readonly LongestTask[]): LongestTask {
  return { had: Math.max(...tasks.map(({ had }) => had)), passed: Math.max(...tasks.map(({ passed }) => passed)) };
}

function judge(name: string, { had, passed }: LongestTask, limit: number): void {
  gates.atMost(name, had, limit, 'ms');
  gates.told(`${name}, passed`, `${passed.toFixed(0)} ms`);
}

/** What the main threads of pages did. */
function tasksOf(trace: Buffer): readonly { readonly dur: number; readonly tdur: number }[] {
  const { traceEvents } = traceSchema.parse(JSON.parse(trace.toString('utf8')));
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(({ name, pid, tid }) => name.endsWith('RunTask') && threads.has(`${pid} ${tid}`));
  if (tasks.length === 0) throw new Error('the trace has no tasks of a page');
  return tasks;
}

/** By the product's own code, bundled for itself: the page of a cycle has no picture of so many that is always the same. */
async function draw(): Promise<void> {
  const bundle = await build({
    entryPoints: ['bench/product/timeline.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'timeline',
    minify: true,
    alias: { '@': process.cwd() },
    external: ['react', 'next'],
  });
  for (const isOpen of [false, true]) {
    const drawn: LongestTask[] = [];
    for (let round = 0; round < VISITS; round += 1) {
      const page = await visit('/clusters');
      await page.evaluate(`${bundle.outputFiles[0]?.text} globalThis.draw = timeline.firstDrawing(${isOpen});`);
      drawn.push(await longestTask(page, () => page.evaluate('draw()')));
      await page.context().close();
    }
    const name = isOpen ? 'lane by lane' : 'as counts';
    judge(`1,000 lanes of 10 segments, ${name}: first drawing`, worstOf(drawn), DRAW_MS);
  }
}

async function countStreams(paths: readonly string[]): Promise<void> {
  const context = await newContext();
  const open = new Set<unknown>();
  context.on('request', (request) => request.resourceType() === 'eventsource' && open.add(request));
  context.on('requestfinished', (request) => open.delete(request));
  context.on('requestfailed', (request) => open.delete(request));
  for (const path of paths) await (await context.newPage()).goto(product.address + path);
  await delay(5_000);
  gates.exactly(`streams of ${paths.length} tabs`, open.size, 1);
  await context.close();
}

/**
 * Of a cycle that stands: what the page has of one that goes on grows with the record that it shows. What it is told
 * meanwhile of the cluster and its environment goes on.
 */
async function watchHeap(cycleId: string, forMs: number): Promise<void> {
  await product.mutate('cycle.pause', { cycleId });
  const { args = [], ...options } = config.use?.launchOptions ?? {};
  const plain = await chromium.launch({ ...options, args: [...args, WITHOUT_COMPILER] });
  try {
    const page = await (await newContext(plain)).newPage();
    const session = await page.context().newCDPSession(page);
    await page.goto(`${product.address}/cycles/${cycleId}`);
    await page
      .getByText(/^Paused/)
      .first()
      .waitFor({ timeout: 120_000 });
    const tell = (when: string, bytes: number) =>
      gates.told(`heap of the page of the cycle ${when}`, `${(bytes / 1e6).toFixed(2)} MB`);
    tell('when it is there', await heapOf(session));
    await delay(WARM_MS);
    const before = await heapOf(session);
    tell(`${WARM_MS / 60_000} minutes later`, before);
    let after = before;
    for (let watched = 0; watched < forMs; watched += TELL_MS) {
      await delay(Math.min(TELL_MS, forMs - watched));
      after = await heapOf(session);
      tell(`after ${Math.min(watched + TELL_MS, forMs) / 60_000} more`, after);
    }
    gates.atMost('heap of the page of the cycle, growth', (after / before - 1) * 100, HEAP_GROWTH * 100, '%');
  } finally {
    await plain.close();
  }
}

/** Bytes that are in use when all that nobody holds is collected. */
async function heapOf(session: CDPSession): Promise<number> {
  const sizes: number[] = [];
  for (let time = 0; time < 10; time += 1) {
    await session.send('HeapProfiler.collectGarbage');
    sizes.push((await session.send('Runtime.getHeapUsage')).usedSize);
    await delay(2_000);
  }
  return Math.min(...sizes);
}
