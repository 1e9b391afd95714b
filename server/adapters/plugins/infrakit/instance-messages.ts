import { z } from 'zod';
import {
  encodable,
  encodableProperties,
  encodableTags,
  type SourceDescription,
} from '../../../domain/instance/description.ts';
import type { JsonText } from '../../../domain/instance/json-text.ts';
import type { Description, Json, Spec } from '../../../domain/instance/plugin.ts';
import { RPC_CODES, RpcError } from './rpc.ts';

// The messages of the interface Instance/0.6.1. Source: docker/infrakit `pkg/rpc/instance`. Older generations leave
// fields away and ignore those that they do not know.

/**
 * An object as Go reads it into a struct: the case of keys does not matter, other keys are ignored, and null leaves a
 * field as it is.
 */
function struct<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  return z.preprocess((value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, member]) => {
        const name = names.get(key.toLowerCase());
        return name === undefined || member === null ? [] : [[name, member]];
      }),
    );
  }, z.object(shape));
}

const text = z.string().default('');
const tags = z.record(z.string(), z.string()).default({});
const properties = z
  .unknown()
  .default(null)
  .transform((value) => value as Json);
const logicalId = z.string().nullable().default(null);
const instance = z.string().min(1);

const specSchema = struct({
  Properties: properties,
  Tags: tags,
  Init: text,
  LogicalID: logicalId,
  Attachments: z.array(struct({ ID: text, Type: text })).default([]),
}).transform(
  ({ Properties, Tags, Init, LogicalID, Attachments }): Spec => ({
    properties: Properties,
    tags: Tags,
    init: Init,
    logicalId: LogicalID,
    attachments: Attachments.map(({ ID, Type }) => ({ id: ID, type: Type })),
  }),
);

/** What the methods are called with. A call that names no instance is refused: it cannot be meant. */
export const requestSchemas = {
  Validate: struct({ Type: text, Properties: properties }),
  Provision: struct({ Type: text, Spec: specSchema }),
  Label: struct({ Type: text, Instance: instance, Labels: tags }),
  Destroy: struct({ Type: text, Instance: instance, Context: struct({ Reason: text }).prefault({}) }),
  DescribeInstances: struct({ Type: text, Tags: tags, Properties: z.boolean().default(false) }),
};

/** Params are an object, or a list whose first item is it. Throws an RpcError where they are missing or are empty. */
export function readParams<T>(params: JsonText | null, schema: z.ZodType<T>): T {
  const value: unknown = JSON.parse(params?.text ?? 'null');
  const [single, inList]: [unknown, boolean] = Array.isArray(value) ? [value[0], true] : [value, false];
  if (single === undefined || single === null || isEmpty(single)) {
    throw new RpcError(RPC_CODES.invalid, 'params are missing or empty', params);
  }
  const read = schema.safeParse(single);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  // What the source says, which tries an object again as a list.
  const message = inList
    ? `${issue?.path.join('.')}: ${issue?.message}`
    : `json: cannot unmarshal ${kindOf(single)} into Go value of type [1]interface {}`;
  throw new RpcError(RPC_CODES.invalid, message, params);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function kindOf(value: unknown): string {
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** `null` stands for what Go has not made. */
export const requests = {
  validate: (type: string, given: Json | JsonText) => ({ Type: type, Properties: encodableProperties(given) }),
  provision: (type: string, spec: WireSpec) => ({
    Type: type,
    Spec: {
      Properties: encodableProperties(spec.properties),
      Tags: encodableTags(spec.tags),
      Init: spec.init,
      LogicalID: spec.logicalId,
      Attachments: spec.attachments?.map(({ id, type }) => ({ ID: id, Type: type })) ?? null,
    },
  }),
  label: (type: string, id: string, labels: Tags | null) => ({
    Type: type,
    Instance: id,
    Labels: encodableTags(labels),
  }),
  destroy: (type: string, id: string, reason: string) => ({ Type: type, Instance: id, Context: { Reason: reason } }),
  describeInstances: (type: string, wanted: Tags | null, withProperties: boolean) => ({
    Type: type,
    Tags: encodableTags(wanted),
    Properties: withProperties,
  }),
};

type Tags = Readonly<Record<string, string>>;

export interface WireSpec extends Omit<Spec, 'properties' | 'tags' | 'attachments'> {
  readonly properties: Json | JsonText;
  readonly tags: Tags | null;
  readonly attachments: Spec['attachments'] | null;
}

/** What a server answers with. */
export const results = {
  done: (type: string) => ({ Type: type, OK: true }),
  provisioned: (type: string, id: string | null) => ({ Type: type, ID: id }),
  described: (type: string, descriptions: readonly SourceDescription[] | null) => ({
    Type: type,
    Descriptions: descriptions?.map(encodable) ?? null,
  }),
};

const descriptionSchema = struct({ ID: z.string(), LogicalID: logicalId, Tags: tags, Properties: properties });

/** Answers, as every generation of plugins writes them. */
export const resultSchemas = {
  provisioned: struct({ ID: z.string().nullable().default(null) }).transform(({ ID }) => ID),
  /** In an order of their own; it differs from answer to answer. */
  described: struct({ Descriptions: z.array(descriptionSchema).default([]) }).transform(({ Descriptions }) =>
    Descriptions.map(
      ({ ID, LogicalID, Tags, Properties }): Description => ({
        id: ID,
        logicalId: LogicalID,
        tags: Tags,
        properties: Properties,
      }),
    ),
  ),
};
