import type { InstanceState } from '../../server/domain/cluster/cluster.ts';

/** What a lane was, from a moment until the next. The segments of a lane are in the order of time and do not overlap. */
export interface LaneSegment {
  readonly state: InstanceState;
  /** Of an older configuration; told apart while it is started. */
  readonly isOld: boolean;
  readonly isUnhealthy: boolean;
  readonly from: number;
  /** null: it is so still, and for as long as the forecast goes, where there is one. */
  readonly to: number | null;
}

export type LaneMarkKind = 'error' | 'retry' | 'skipped' | 'forced' | 'extended';

/** Something that happened to an instance at a moment. */
export interface LaneMark {
  readonly kind: LaneMarkKind;
  readonly at: number;
  /** A whole sentence or a fact, as it stands in the table. */
  readonly text: string;
}

/** One instance over time. All times are epoch milliseconds. */
export interface Lane {
  readonly id: string;
  /** As it is called on the screen. */
  readonly label: string;
  /** A short fact beside its name, such as its version. */
  readonly note: string | null;
  /** Counted from 1; 0 is the canary. null: in no wave, for example since it is skipped or protected. */
  readonly wave: number | null;
  readonly segments: readonly LaneSegment[];
  readonly marks: readonly LaneMark[];
  /** The id of the lane that replaces this one. */
  readonly replacedBy: string | null;
  /** When its drain times out. */
  readonly drainDeadline: number | null;
}

export type TimelineMarkKind = 'wave' | 'pause' | 'resume' | 'canary';

/** Something that happened to all of them at once. */
export interface TimelineMark {
  readonly kind: TimelineMarkKind;
  readonly at: number;
  /** In few words: "wave 2", "paused". */
  readonly label: string;
}

/** What a picture of lanes shows. All times are epoch milliseconds; `from` is before `to`. */
export interface Timeline {
  /** In any order: the picture puts them by wave, then by start. */
  readonly lanes: readonly Lane[];
  /** The span that may be seen, and 5 % on both sides of it. */
  readonly from: number;
  readonly to: number;
  /** Where what goes on ends for now, and the line of now is drawn; null: it goes on no longer, or has not begun. */
  readonly now: number | null;
  /** From here on it is a forecast: hatched and dashed. null: nothing is. */
  readonly forecastFrom: number | null;
  /** In the order of time. */
  readonly marks: readonly TimelineMark[];
}
