import {
  type Comparison,
  type CountKey,
  type FilterCondition,
  type FilterSubject,
  type FilterTerm,
  type InstanceCondition,
  parseFilter,
} from '../../domain/cluster/filter.ts';
import { DomainError } from '../../domain/errors.ts';
import { Prisma } from './generated/client.ts';

/** Filters as conditions of SQL. What is compared is always a parameter. */

/** Throws INVALID_INPUT with the field `q` where a part of the filter cannot be read. */
export function readTerms(q: string, subject: FilterSubject): readonly FilterTerm[] {
  const { terms, problems } = parseFilter(q, subject);
  const [problem] = problems;
  if (problem === undefined) return terms;
  const message = `${problem.text} (at character ${problem.from + 1}): ${problem.message}`;
  throw new DomainError('INVALID_INPUT', { field: 'q', message });
}

const COMPARISONS = {
  '>': Prisma.sql`>`,
  '>=': Prisma.sql`>=`,
  '<': Prisma.sql`<`,
  '<=': Prisma.sql`<=`,
  '=': Prisma.sql`=`,
} as const satisfies Record<Comparison, Prisma.Sql>;

/**
 * On `listed`, the rows of the clusters list. The terms about instances are met by one instance together:
 * `state:draining age:>10m` is a cluster where one drains for more than ten minutes.
 */
export function clusterConditions(terms: readonly FilterTerm[]): Prisma.Sql {
  const together: Prisma.Sql[] = [];
  const conditions: Prisma.Sql[] = [];
  for (const { negated, condition } of terms) {
    if (!isOfInstance(condition)) conditions.push(signed(ofCluster(condition), negated));
    else if (negated) conditions.push(Prisma.sql`NOT ${hasInstance([ofInstance(condition)])}`);
    else together.push(ofInstance(condition));
  }
  if (together.length > 0) conditions.push(hasInstance(together));
  return all(conditions);
}

/** On `instance`, `cluster`, `environment` and `known`, the declared configuration that the instance runs. */
export function instanceConditions(terms: readonly FilterTerm[]): Prisma.Sql {
  return all(
    terms.map(({ negated, condition }) =>
      signed(isOfInstance(condition) ? ofInstance(condition) : ofInstanceAlone(condition), negated),
    ),
  );
}

function all(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join([...conditions], ' AND ');
}

/** Of what is not known neither the condition nor its opposite is to be lost. */
function signed(condition: Prisma.Sql, negated: boolean): Prisma.Sql {
  return negated ? Prisma.sql`(${condition}) IS NOT TRUE` : Prisma.sql`(${condition})`;
}

function isOfInstance(condition: FilterCondition): condition is InstanceCondition {
  return ['state', 'age', 'zone', 'version'].includes(condition.kind);
}

/** Found once for the whole list, and not for each cluster, whatever the database believes about its tables. */
function hasInstance(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`listed.id = ANY (ARRAY(
    SELECT DISTINCT instance.cluster_id FROM instance
    LEFT JOIN cluster_config AS known ON known.cluster_id = instance.cluster_id AND known.config = instance.config
    WHERE ${all(conditions)}))`;
}

function ofInstance(condition: InstanceCondition): Prisma.Sql {
  switch (condition.kind) {
    case 'state':
      return Prisma.sql`instance.state = ${condition.state}`;
    case 'age':
      return Prisma.sql`${millisecondsSince(Prisma.sql`instance.state_since`)} ${COMPARISONS[condition.compare]} ${condition.ms}::float8`;
    case 'zone':
      // The last letters are enough: zone:a of eu-west-1a.
      return Prisma.sql`right(instance.zone, length(${condition.zone}::text)) = ${condition.zone}`;
    case 'version':
      return Prisma.sql`known.version ${COMPARISONS[condition.compare]} ${condition.value}`;
  }
}

const CLUSTER_COUNTS = {
  outdated: Prisma.sql`outdated`,
  size: Prisma.sql`size`,
  unhealthy: Prisma.sql`unhealthy`,
  protected: Prisma.sql`protected`,
  standby: Prisma.sql`standby`,
} as const satisfies Record<Exclude<CountKey, 'work'>, Prisma.Sql>;

function ofCluster(condition: Exclude<FilterCondition, InstanceCondition>): Prisma.Sql {
  switch (condition.kind) {
    case 'word':
      return Prisma.sql`position(lower(${condition.text}) IN lower(environment_name || '/' || name)) > 0`;
    case 'environment':
      return Prisma.sql`environment_name = ${condition.name}`;
    case 'label':
      return Prisma.sql`labels ->> ${condition.key} = ${condition.value}`;
    case 'count':
      if (condition.key === 'work') return hasWork(condition.compare, condition.value);
      return Prisma.sql`${CLUSTER_COUNTS[condition.key]} ${COMPARISONS[condition.compare]} ${condition.value}`;
    case 'drift':
      return Prisma.sql`outdated > 0 AND ${millisecondsSince(Prisma.sql`drift_since`)} ${COMPARISONS[condition.compare]} ${condition.ms}::float8`;
    case 'cycle':
      if (condition.cycle === 'none') return Prisma.sql`active_id IS NULL`;
      return condition.cycle === 'active' ? Prisma.sql`active_id IS NOT NULL` : Prisma.sql`active_state = 'paused'`;
  }
}

/** As `hasInstance`: few ask for it, so it is no column of the list. */
function hasWork(compare: Comparison, value: number): Prisma.Sql {
  return Prisma.sql`listed.id = ANY (ARRAY(
    SELECT cluster.id FROM cluster LEFT JOIN instance ON instance.cluster_id = cluster.id
    GROUP BY cluster.id HAVING coalesce(sum(jsonb_array_length(instance.workloads)), 0) ${COMPARISONS[compare]} ${value}))`;
}

const INSTANCE_COUNTS = {
  outdated: Prisma.sql`(instance.config <> cluster.config)::int`,
  size: Prisma.sql`1`,
  unhealthy: Prisma.sql`(coalesce(instance.health, '') = 'unhealthy')::int`,
  protected: Prisma.sql`(coalesce(instance.protection, '') = 'protected')::int`,
  standby: Prisma.sql`(coalesce(instance.protection, '') = 'standby')::int`,
  work: Prisma.sql`jsonb_array_length(instance.workloads)`,
} as const satisfies Record<CountKey, Prisma.Sql>;

function ofInstanceAlone(condition: Exclude<FilterCondition, InstanceCondition>): Prisma.Sql {
  switch (condition.kind) {
    case 'word':
      return Prisma.sql`position(lower(${condition.text}) IN lower(instance.id)) > 0`;
    case 'environment':
      return Prisma.sql`environment.name = ${condition.name}`;
    case 'label':
      // What the machine itself is labelled with wins over its cluster's.
      return Prisma.sql`coalesce(instance.labels ->> ${condition.key}, cluster.labels ->> ${condition.key}) = ${condition.value}`;
    case 'count':
      return Prisma.sql`${INSTANCE_COUNTS[condition.key]} ${COMPARISONS[condition.compare]} ${condition.value}`;
    case 'drift':
    case 'cycle':
      throw new Error(`a filter of instances has no ${condition.kind}`);
  }
}

function millisecondsSince(at: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`extract(epoch FROM now() - ${at}) * 1000`;
}
