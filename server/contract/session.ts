import { z } from 'zod';
import type { LogLine } from '../domain/execution/controller.ts';
import type {
  ContainerStatus,
  ExecutionState,
  MachineRef,
  PortStatus,
  WorkloadSpec,
} from '../domain/execution/execution.ts';
import type { Json } from '../domain/instance/plugin.ts';
import type { HealthSpan } from '../domain/session/health-stripe.ts';
import { LOG_LEVELS, type LogLevel } from '../domain/session/log-level.ts';
import type {
  ComponentHealth,
  ComponentKind,
  ComponentSpec,
  SessionEventKind,
  SessionOutcome,
  SessionSpec,
  SessionState,
  SessionVerdict,
} from '../domain/session/session.ts';
import type { SessionAction } from '../domain/session/session-actions.ts';
import { jsonSchema } from './cluster.ts';
import { poolNameSchema, type StartEstimateView } from './pool.ts';

const DAY_MS = 24 * 3_600_000;
const NAME = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/;
const nameSchema = z.string().trim().regex(NAME, 'lower-case letters, digits, dots and hyphens, at most 63');
/** Also the file's name in the component's directory. */
export const dependencyNameSchema = nameSchema;
const variableSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'letters, digits and _ only');
const timeoutSchema = z
  .int()
  .min(0)
  .max(7 * DAY_MS)
  .default(0);

/** The programs that come with the product, by the names that `image` takes. */
export const BUNDLED_IMAGES = ['http-server', 'http-load', 'http-driver'] as const;

export const componentSchema = z
  .strictObject({
    name: nameSchema,
    kind: z.enum(['driver', 'client', 'server']),
    pool: poolNameSchema,
    image: z.string().trim().min(1).max(300).nullable().default(null),
    command: z.array(z.string().max(10_000)).max(100).default([]),
    env: z.record(variableSchema, z.string().max(20_000)).default({}),
    ports: z
      .array(z.strictObject({ name: nameSchema, port: z.int().min(0).max(65_535).default(0) }))
      .max(10)
      .default([]),
    probe: z
      .strictObject({ port: nameSchema, path: z.string().startsWith('/').max(500).nullable().default(null) })
      .nullable()
      .default(null),
    secrets: z.array(dependencyNameSchema).max(20).default([]),
    configs: z.array(dependencyNameSchema).max(20).default([]),
  })
  .superRefine((component, context) => {
    if (component.image === null && component.command.length === 0)
      context.addIssue({ code: 'custom', path: ['command'], message: 'name a command or an image' });
    const ports = component.ports.map((port) => port.name);
    if (new Set(ports).size < ports.length)
      context.addIssue({ code: 'custom', path: ['ports'], message: 'each port needs a name of its own' });
    if (component.probe !== null && !ports.includes(component.probe.port))
      context.addIssue({ code: 'custom', path: ['probe', 'port'], message: 'is none of the ports' });
  });

/** What a person submits, as a form or as YAML. */
export const sessionSpecSchema: z.ZodType<SessionSpec, SessionSpecInput> = z
  .strictObject({
    name: nameSchema,
    components: z.array(componentSchema).min(1, 'a session needs a driver').max(100),
    scenario: jsonSchema.default({}),
    timeouts: z
      .strictObject({ queueMs: timeoutSchema, provisionMs: timeoutSchema, testMs: timeoutSchema })
      .default({ queueMs: 0, provisionMs: 0, testMs: 0 }),
    labels: z.record(z.string().min(1).max(63), z.string().max(253)).default({}),
    priority: z.int().min(-100).max(100).default(0),
  })
  .superRefine((spec, context) => {
    for (const path of unstorable(spec, [])) context.addIssue({ code: 'custom', path, message: UNSTORABLE });
    const { components } = spec;
    const drivers = components.filter(({ kind }) => kind === 'driver').length;
    if (drivers !== 1)
      context.addIssue({
        code: 'custom',
        path: ['components'],
        message: `needs exactly one driver, and has ${drivers}`,
      });
    components.forEach(({ name }, index) => {
      if (components.findIndex((other) => other.name === name) < index)
        context.addIssue({
          code: 'custom',
          path: ['components', index, 'name'],
          message: 'is taken by another component',
        });
    });
  });

/** Where a text stands that PostgreSQL does not hold: one with a NUL or half a character. */
function unstorable(value: unknown, path: PropertyKey[]): PropertyKey[][] {
  if (typeof value === 'string') return isStorable(value) ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    isStorable(key) ? unstorable(one, [...path, Array.isArray(value) ? Number(key) : key]) : [path],
  );
}

export function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
export const UNSTORABLE = 'holds a NUL or half a character';

/** The same with defaults left out. */
export interface SessionSpecInput {
  readonly name: string;
  readonly components: readonly (z.input<typeof componentSchema> | ComponentSpec)[];
  readonly scenario?: unknown;
  readonly timeouts?:
    | {
        readonly queueMs?: number | undefined;
        readonly provisionMs?: number | undefined;
        readonly testMs?: number | undefined;
      }
    | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly priority?: number | undefined;
}

export const submitSessionSchema = z.object({ spec: sessionSpecSchema });

/** What a text says, or what is wrong with it, by path (`components.0.pool`) and line where known. */
export type ReadSpecView =
  | { readonly spec: SessionSpec; readonly problems: readonly [] }
  | {
      readonly spec: null;
      readonly problems: readonly { readonly path: string; readonly line: number | null; readonly message: string }[];
    };

export const sessionListSchema = z.object({
  pool: z.string().max(100).optional(),
  /** `active`, `ended`, or one state. */
  state: z.string().max(40).optional(),
  outcome: z.string().max(40).optional(),
  /** `bad` = with a component that is or was not well. */
  health: z.enum(['bad']).optional(),
  owner: z.enum(['me']).optional(),
  /** Words of the name or owner, and `label.team:web`. */
  q: z.string().max(500).default(''),
  /** Only those that hold or held this machine. */
  machine: z.object({ clusterId: z.string().max(200), instanceId: z.string().max(200) }).optional(),
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type SessionListInput = z.input<typeof sessionListSchema>;

export interface SessionRow {
  readonly id: string;
  readonly name: string;
  readonly state: SessionState;
  readonly outcome: SessionOutcome | null;
  readonly verdict: SessionVerdict | null;
  readonly ownerName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly wants: readonly { readonly pool: string; readonly count: number }[];
  /** How well its components were together. */
  readonly stripe: readonly HealthSpan[];
  readonly createdAt: number;
  readonly acceptedAt: number | null;
  readonly runningAt: number | null;
  /** When its outcome was known; its machines are given back after that. */
  readonly decidedAt: number | null;
  readonly endedAt: number | null;
  /** Of its queue, while it waits. */
  readonly position: number | null;
}

export interface ExecutionRow {
  readonly id: string;
  readonly sessionId: string;
  readonly sessionName: string;
  readonly name: string;
  readonly kind: ComponentKind;
  readonly machine: MachineRef & { readonly clusterName: string; readonly environmentName: string };
  readonly pool: string;
  readonly state: ExecutionState;
  readonly desiredState: ExecutionState;
  readonly message: string;
  readonly err: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly health: ComponentHealth;
  readonly healthReason: string;
  /** Temporary failures in a row of the present step, and when it is tried again. */
  readonly attempt: number;
  readonly retryAt: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly exitedAt: number | null;
  readonly removedAt: number | null;
  readonly logLines: number;
}

export interface ExecutionTransitionView {
  readonly at: number;
  readonly state: ExecutionState;
  readonly desiredState: ExecutionState;
  readonly message: string;
  readonly err: string;
  readonly attempt: number;
  readonly retryAt: number | null;
}

export interface HealthTransitionView {
  readonly at: number;
  readonly health: ComponentHealth;
  readonly reason: string;
}

export interface ExecutionView extends ExecutionRow {
  readonly workload: WorkloadSpec;
  readonly container: ContainerStatus | null;
  readonly ports: readonly PortStatus[];
  /** Oldest first. */
  readonly transitions: readonly ExecutionTransitionView[];
  readonly healths: readonly HealthTransitionView[];
}

export interface SessionEventView {
  readonly id: string;
  readonly at: number;
  readonly kind: SessionEventKind;
  readonly text: string;
}

export interface SessionView extends SessionRow {
  readonly spec: SessionSpec;
  readonly reservationId: string | null;
  readonly rerunOf: string | null;
  readonly ordered: { readonly action: 'cancel' | 'finish'; readonly byName: string; readonly at: number } | null;
  readonly keepForMs: number;
  readonly keepUntil: number | null;
  /** What the driver reported. */
  readonly results: Json;
  readonly provisionAt: number | null;
  /** The machine of each component, once it holds them. */
  readonly executions: readonly ExecutionView[];
  readonly machines: readonly {
    readonly component: string;
    readonly pool: string;
    readonly clusterName: string;
    readonly environmentName: string;
    readonly instanceId: string;
  }[];
  readonly events: readonly SessionEventView[];
  /** Log lines of level warn and error, at most 500, oldest first. */
  readonly ticks: readonly {
    readonly component: string;
    readonly at: number;
    readonly line: number;
    readonly level: LogLevel;
    readonly text: string;
  }[];
  /** While it waits. */
  readonly queue: {
    readonly position: number;
    /** Names of the first of those ahead of it, at most three. */
    readonly ahead: readonly string[];
    readonly aheadCount: number;
    readonly why: string;
    readonly estimate: StartEstimateView | null;
  } | null;
  readonly actions: Readonly<Record<SessionAction, true | string>>;
  /** The failure of ours that is tried again, where there is one. */
  readonly retryAt: number | null;
  /** Sequence of the stream `session:<id>` that this view is as of. */
  readonly seq: string;
}

export const sessionByIdSchema = z.object({ sessionId: z.string().min(1).max(100) });
export const keepSessionSchema = sessionByIdSchema.extend({ forMs: z.int().min(60_000).max(DAY_MS) });

export interface LogLineView extends LogLine {
  readonly level: LogLevel;
}

export const executionListSchema = z.object({
  /** `active`, `failed`, or one state. */
  state: z.string().max(40).optional(),
  sessionId: z.string().max(100).optional(),
  q: z.string().max(200).default(''),
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});
export const executionByIdSchema = z.object({ executionId: z.string().min(1).max(100) });
/** A range of lines; a log is never read whole. */
export const logRangeSchema = executionByIdSchema.extend({
  /** The first line; null = the last `limit` lines. */
  from: z.int().min(0).nullable(),
  limit: z.int().min(1).max(1_000).default(500),
});
export const logSearchSchema = executionByIdSchema.extend({
  /** Part of the text, in any case; empty with a level = every line of at least that level. */
  text: z.string().max(200),
  level: z.enum(LOG_LEVELS).optional(),
  from: z.int().min(0).default(0),
  limit: z.int().min(1).max(1_000).default(200),
});
/** A log as it grows. */
export const followLogSchema = executionByIdSchema.extend({
  /** The first line; null = the last `tail` lines, and what comes. */
  from: z.int().min(0).nullable().default(null),
  tail: z.int().min(0).max(1_000).default(0),
  /** The line that comes next, where the connection broke; set by the transport. */
  lastEventId: z.coerce.number().int().min(0).nullish(),
});
/** The line that was written at a time, or the next one. */
export const logLineAtSchema = executionByIdSchema.extend({ at: z.number().int() });

export interface LogRangeView {
  readonly lines: readonly LogLineView[];
  /** How many there are in all. */
  readonly total: number;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Sequence of the stream `execution:<id>` that this range is as of. */
  readonly seq: string;
}
export interface LogSearchView {
  readonly lines: readonly LogLineView[];
  /** Where the search goes on; null = at the end. */
  readonly next: number | null;
}

/** What a follower of a log is told: the lines that came, or none where it is only told that the connection is well. */
export interface LogNews {
  readonly lines: readonly LogLineView[];
  /** Nothing comes any more. */
  readonly over: boolean;
}
