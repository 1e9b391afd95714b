import { expect, test } from 'vitest';
import type { Lane, Timeline } from './swimlane-data.ts';
import type { SwimlaneColours } from './swimlane-looks.ts';
import { groupLanes, layoutRows } from './swimlane-rows.ts';
import { swimlanesSvg } from './swimlane-svg.ts';
import { BOTTOM_PX, type SwimlaneView, TOP_PX } from './swimlane-view.ts';

const COLOURS: SwimlaneColours = {
  panel: '#panel',
  line: '#line',
  lineStrong: '#line-strong',
  ink: '#ink',
  ink2: '#ink-2',
  ink3: '#ink-3',
  accent: '#accent',
  accentSoft: '#accent-soft',
  warn: '#warn',
  bad: '#bad',
  draining: '#draining',
  starting: '#starting',
  started: '#started',
  old: '#old',
  drained: '#drained',
  terminating: '#terminating',
  unknown: '#unknown',
  fillStarting: '#fill-starting',
  fillStarted: '#fill-started',
  fillOld: '#fill-old',
  fillDraining: '#fill-draining',
  fillTerminating: '#fill-terminating',
  fillBad: '#fill-bad',
  font: 'Sans & "Serif"',
  mono: 'Mono',
};

/** An old one that drains from minute 20, and what replaces it; minutes are those of the span of an hour. */
function pair(index: number, wave: number): Lane[] {
  const base = { wave, note: 'v1', marks: [], drainDeadline: null };
  const flags = { isOld: true, isUnhealthy: false };
  const minute = 60_000;
  return [
    {
      ...base,
      id: `old-${index}`,
      label: `old-${index}`,
      segments: [
        { state: 'started', ...flags, from: -50 * minute, to: 20 * minute },
        { state: 'draining', ...flags, from: 20 * minute, to: 40 * minute },
      ],
      marks: [{ kind: 'error', at: 25 * minute, text: 'broken' }],
      replacedBy: `new-${index}`,
      drainDeadline: 50 * minute,
    },
    {
      ...base,
      id: `new-${index}`,
      label: `new-${index}`,
      segments: [
        { state: 'starting', isOld: false, isUnhealthy: false, from: 10 * minute, to: 20 * minute },
        { state: 'started', isOld: false, isUnhealthy: true, from: 20 * minute, to: null },
      ],
      replacedBy: null,
    },
  ];
}

function timelineOf(pairs: number, more: Partial<Timeline> = {}): Timeline {
  const lanes = Array.from({ length: pairs }, (_, index) => pair(index, 1 + Math.floor(index / 10))).flat();
  const marks = [{ kind: 'wave', at: 600_000, label: 'wave 1' }] as const;
  return { lanes, from: 0, to: 3_600_000, now: 1_800_000, forecastFrom: 1_800_000, marks, ...more };
}

function draw(timeline: Timeline, more: Partial<SwimlaneView> = {}): string {
  const rows = layoutRows(groupLanes(timeline.lanes), new Map(), timeline);
  return swimlanesSvg(
    {
      ...{ timeline, rows, shown: timeline, width: 1_156, height: TOP_PX + rows.height + BOTTOM_PX, scroll: 0 },
      ...{ cursor: 900_000, selected: 'old-0', group: null, dragged: null, zone: 'UTC', ...more },
    },
    COLOURS,
  );
}

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
const paths = (svg: string, paint: string) => svg.split('\n').filter((line) => line.includes(`"${paint}"`));

test('each state has its letter, and lanes, waves, now and the cursor have their words', () => {
  expect(texts(draw(timelineOf(1)))).toEqual(
    expect.arrayContaining(['O', 'd', 's', '!', 'old-0', 'new-0', 'v1', 'wave 1', 'now', '00:15:00', '00:50:00']),
  );
});

test('what is expected is hatched and dashed, what was is neither', () => {
  const edges = paths(draw(timelineOf(1)), '#draining').filter((line) => line.startsWith('<path'));
  expect(edges.filter((line) => line.includes('stroke-dasharray="2 2"'))).toHaveLength(1);
  expect(draw(timelineOf(1))).toContain('fill="url(#forecast)"');
  const past = draw(timelineOf(1, { forecastFrom: null, now: null }));
  expect(past).not.toContain('fill="url(#forecast)"');
});

test('bars of a state are one path, however many lanes there are', () => {
  const bars = (pairs: number) => paths(draw(timelineOf(pairs)), '#fill-old');
  expect(bars(1)).toHaveLength(1);
  expect(bars(20)).toHaveLength(1);
  expect(bars(20)[0]?.match(/M/g)).toHaveLength(20);
});

test('only lanes that are seen are drawn', () => {
  const svg = draw(timelineOf(20), { height: TOP_PX + 40 + BOTTOM_PX, scroll: 40 });
  expect(texts(svg).filter((text) => text?.startsWith('old-'))).toEqual(['old-1']);
});

test('nothing is drawn outside the plot, however far it is zoomed in', () => {
  for (const shown of [
    { from: 0, to: 3_600_000 },
    { from: 1_500_000, to: 1_501_000 },
    { from: -180_000, to: 3_780_000 },
  ]) {
    const svg = draw(timelineOf(3), { shown });
    expect(svg).not.toMatch(/NaN|Infinity|undefined|h-\d+(\.\d+)?v/);
    const bars = [...svg.matchAll(/M([\d.-]+) [\d.-]+h([\d.-]+)v11h/g)];
    expect(bars.length).toBeGreaterThan(0);
    for (const [, x, width] of bars) {
      expect(Number(x)).toBeGreaterThanOrEqual(131.5);
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(1_133);
    }
  }
});

test('a thousand lanes are strips with the counts at the cursor and their errors', () => {
  const svg = draw(timelineOf(500));
  expect(texts(svg)).not.toContain('old-0');
  expect(texts(svg).filter((text) => text === 'wave 7')).toHaveLength(1);
  // At minute 15: ten old ones serve and ten new ones start in each wave.
  expect(texts(svg).filter((text) => text === '10').length).toBe(2 * 50);
  expect(paths(svg, '#bad').filter((line) => line.includes('stroke-width="2"'))).toHaveLength(50);
});

test('a phone has fewer labels', () => {
  const narrow = texts(draw(timelineOf(3), { width: 340 }));
  expect(narrow).not.toContain('v1');
  expect(narrow).not.toContain('00:50:00');
  expect(narrow.length).toBeLessThan(texts(draw(timelineOf(3))).length);
});

test('names cannot break out of the file, and every group is closed', () => {
  const svg = draw({ ...timelineOf(1), lanes: pair(0, 1).map((lane) => ({ ...lane, label: '<a&"' })) });
  expect(svg).toContain('>&lt;a&amp;&quot;<');
  expect(svg).toContain('font-family="Sans &amp; &quot;Serif&quot;"');
  expect(svg.match(/<g /g)?.length).toBe(svg.match(/<\/g>/g)?.length);
});
