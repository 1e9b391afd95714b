import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { SessionGanttPlot } from '@/components/chart/session-gantt-plot';
import { SessionGanttTable } from '@/components/chart/session-gantt-table';
import type { LogTick } from '@/components/chart/session-gantt-view';
import { PHASES, type TimelineRow } from '@/server/domain/session/timeline';

const ROWS: readonly TimelineRow[] = [
  {
    component: 'client-with-a-very-long-name-1',
    kind: 'client',
    phases: PHASES.map((phase, index) => ({
      phase,
      from: index * 60_000,
      to: phase === 'finishing' ? null : (index + 1) * 60_000,
    })),
    healths: [
      { health: 'unknown', from: 120_000, to: 180_000, reason: '' },
      { health: 'ready', from: 180_000, to: 240_000, reason: '' },
      { health: 'not-ready', from: 240_000, to: 270_000, reason: 'HTTP 503 on /health' },
      { health: 'failed', from: 270_000, to: null, reason: 'killed by SIGKILL' },
    ],
  },
];
const TICKS: readonly LogTick[] = [
  { component: 'client-with-a-very-long-name-1', at: 245_000, level: 'warn', text: 'slow' },
  { component: 'client-with-a-very-long-name-1', at: 269_000, level: 'error', text: 'broken' },
];

const draw = (width: number, shown = { from: 0, to: 360_000 }) =>
  renderToStaticMarkup(
    <SessionGanttPlot
      ref={null}
      rows={ROWS}
      machines={new Map()}
      ticks={TICKS}
      shown={shown}
      submittedAt={0}
      until={360_000}
      showNow
      cursor={250_000}
      selected="client-with-a-very-long-name-1"
      dragged={null}
      width={width}
    />,
  );

const texts = (markup: string) => [...markup.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

test('a wide picture says each phase by its word, a narrow one by its letter', () => {
  expect(texts(draw(1_100))).toEqual(expect.arrayContaining([...PHASES]));
  const narrow = texts(draw(340));
  expect(narrow).not.toContain('provisioning');
  expect(narrow).toEqual(expect.arrayContaining(['Q', 'V', 'p', 'D', 'r', 'f']));
});

test('nothing is drawn outside the plot, however far it is zoomed in', () => {
  for (const shown of [
    { from: 0, to: 360_000 },
    { from: 250_000, to: 251_000 },
  ]) {
    const markup = draw(1_100, shown);
    expect(markup).not.toMatch(/NaN|Infinity|width="-/);
    const bars = [...markup.matchAll(/<rect x="([\d.-]+)" y="6" width="([\d.-]+)"/g)];
    expect(bars.length).toBeGreaterThan(0);
    for (const [, x, width] of bars) {
      expect(Number(x)).toBeGreaterThanOrEqual(132);
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(1_100);
    }
  }
});

test('each change of health has its mark, and now, the cursor and the machine their words', () => {
  const markup = draw(1_100);
  expect(markup.match(/<circle cx="6" cy="6" r="8"/g)).toHaveLength(4);
  expect(texts(markup)).toEqual(expect.arrayContaining(['now', '+04:10', 'client']));
});

test('the table has what the picture has', () => {
  const markup = renderToStaticMarkup(
    <SessionGanttTable caption="Components" rows={ROWS} ticks={TICKS} submittedAt={0} until={360_000} />,
  );
  const said = [
    'Q queued',
    'f finishing',
    'not ready',
    'HTTP 503 on /health',
    'killed by SIGKILL',
    'slow',
    'broken',
    'goes on',
  ];
  for (const text of said) expect(markup).toContain(text);
});
