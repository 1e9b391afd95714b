import { type KnobKey, knobLabels, knobNone, knobWords, shownKnobs } from '@/components/plan/knobs';
import { versionStep } from '@/components/plan/version-of';
import type { FigureKey, PlanComparison, SettingKey } from '@/server/domain/approval/compare-plans';
import type { PlanBody } from '@/server/domain/approval/plan';
import { roughly } from '@/server/domain/cycle/duration-words';

/** One value of two plans in words. */
export interface ComparisonRow {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly differs: boolean;
}

const knobOf = {
  minSize: 'min',
  targetSize: 'target',
  maxSize: 'max',
  batch: 'batch',
  surge: 'surge',
  maxUnavailable: 'unavailable',
  drainTimeoutMs: 'drain',
  onDrainTimeout: 'timeout',
  canary: 'canary',
  bakeMs: 'bake',
  minHealthyMs: 'health',
  protect: 'protect',
  order: 'order',
} as const satisfies Record<SettingKey, KnobKey>;

const settingKeys = Object.keys(knobOf) as SettingKey[];

const figureRows: Readonly<Record<FigureKey, { readonly label: string; readonly words: (value: number) => string }>> = {
  replaced: { label: 'Replaces', words: instances },
  scaledIn: { label: 'Scales in', words: instances },
  starts: { label: 'Starts', words: instances },
  waves: { label: 'Waves', words: String },
  lowest: { label: 'Least in service', words: String },
  floor: { label: 'Floor', words: String },
  peak: { label: 'Largest size', words: String },
  p50: { label: 'Takes, p50', words: roughly },
  p90: { label: 'Takes, p90', words: roughly },
  blockers: { label: 'Blockers', words: String },
  warnings: { label: 'Warnings', words: String },
};

const outcomes = {
  completes: 'completes',
  holds: 'asks a person before the end',
  'never-ends': 'would not end',
} satisfies Record<PlanBody['forecast']['outcome'], string>;

const beforeForecast = ['replaced', 'scaledIn', 'starts', 'waves', 'lowest', 'floor', 'peak'] as const;
const afterForecast = ['p50', 'p90', 'blockers', 'warnings'] as const;

/** Every value of both plans, in the order in which one decides: what becomes of the cluster, then with what settings. */
export function comparisonRows(before: PlanBody, after: PlanBody, comparison: PlanComparison): ComparisonRow[] {
  const { configuration, outcome, figures } = comparison;
  const figure = (key: FigureKey): ComparisonRow => {
    const { label, words } = figureRows[key];
    const value = figures[key];
    return { label, before: words(value.before), after: words(value.after), differs: value.differs };
  };
  return [
    {
      label: 'Configuration',
      before: versionStep(before),
      after: versionStep(after),
      differs: configuration.differs,
    },
    ...beforeForecast.map(figure),
    { label: 'Forecast', before: outcomes[outcome.before], after: outcomes[outcome.after], differs: outcome.differs },
    ...afterForecast.map(figure),
    ...settingRows(before, after, comparison),
  ];
}

function settingRows(before: PlanBody, after: PlanBody, { settings }: PlanComparison): ComparisonRow[] {
  const shown = [before, after].map(({ config, policy }) => shownKnobs(config, policy));
  return settingKeys.map((setting) => {
    const key = knobOf[setting];
    const [then = '', now = ''] = shown.map((knobs) =>
      knobs[key] === '' ? knobNone[key] : knobWords(key, knobs[key]),
    );
    return { label: knobLabels[key], before: then, after: now, differs: settings[setting] };
  });
}

function instances(count: number): string {
  return count === 1 ? '1 instance' : `${count} instances`;
}
