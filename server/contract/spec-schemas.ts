import type { EnvironmentKind } from './cluster.ts';
import { dockerSpecSchema } from './docker-spec.ts';
import { localSpecSchema } from './local-spec.ts';

type SpecSchema = typeof localSpecSchema | typeof dockerSpecSchema;

const schemas = {
  local: localSpecSchema,
  simulator: null,
  infrakit: null,
  docker: dockerSpecSchema,
} satisfies Record<EnvironmentKind, SpecSchema | null>;

const BY_KIND: Readonly<Partial<Record<string, SpecSchema | null>>> = schemas;

/** What the spec of a cluster has to be in an environment of the kind; null: any object. Pages load this. */
export function specSchemaOf(kind: string): SpecSchema | null {
  return BY_KIND[kind] ?? null;
}
