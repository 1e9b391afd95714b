import { type Actor, PRODUCT } from '../../domain/activity/activity.ts';
import type { ApprovalRecord, PlanBody, PlanRecord } from '../../domain/approval/plan.ts';
import type { PlanState } from '../../domain/approval/plan-state.ts';
import type { NewPlan, PlanDecision, PlanStore } from '../../domain/approval/plan-store.ts';
import { ACTIVE_STATES } from '../../domain/cycle/cycle-state.ts';
import { DomainError } from '../../domain/errors.ts';
import { recordActivity } from './activity-log.ts';
import { type Plan, Prisma, type PrismaClient } from './generated/client.ts';
import { milliseconds } from './rows.ts';

const WHOLE = { approvals: { orderBy: { at: 'asc' } }, cycle: { select: { id: true } } } as const;

export class PostgresPlanStore implements PlanStore {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  async create(plan: NewPlan, actor: Actor, requestId: string): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      await tx.plan.create({
        data: {
          ...plan,
          state: 'awaiting-approval',
          body: plan.body as unknown as Prisma.InputJsonValue,
          ticked: [...plan.ticked],
          expiresAt: new Date(plan.expiresAt),
        },
      });
      await announce(tx, plan, actor, 'asked for approval of a plan for', requestId, { sentence: plan.body.sentence });
    });
  }

  async byId(planId: string): Promise<PlanRecord> {
    const row = await this.#db.plan.findUnique({ where: { id: planId }, include: WHOLE });
    if (row === null) throw new DomainError('NOT_FOUND', { kind: 'plan', id: planId });
    return planRecord(row);
  }

  async approve({
    planId,
    actor,
    fingerprint,
    comment,
    needed,
    cycleId,
    requestId,
  }: Parameters<PlanStore['approve']>[0]) {
    try {
      return await this.#db.$transaction(async (tx) => {
        const plan = await waiting(tx, planId, 'approve');
        await refuseDisabled(tx, plan.environmentId);
        if (plan.fingerprint !== fingerprint)
          throw new DomainError('PLAN_STALE', { planId, changes: ['the plan is another one than you saw'] });
        const before = await tx.approval.findMany({ where: { planId, fingerprint } });
        if (before.some((one) => one.userId === actor.id)) throw new DomainError('ALREADY_APPROVED', { planId });
        await tx.approval.create({ data: { planId, userId: actor.id, fingerprint, comment } });
        const complete = before.length + 1 >= needed;
        if (complete) {
          await tx.plan.update({
            where: { id: planId },
            data: { state: 'approved', decidedAt: new Date(), decidedBy: actor.id, decisionNote: comment },
          });
          await holdCluster(tx, plan);
          await insertCycle(tx, plan, cycleId);
        }
        await announce(
          tx,
          plan,
          actor,
          'approved a plan for',
          requestId,
          { given: before.length + 1, needed, comment },
          complete ? cycleId : null,
        );
        return complete ? cycleId : null;
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      // The database's own rule: one active cycle of a cluster, one cycle of a plan.
      throw await this.#whyNoSecond(planId);
    }
  }

  async close({
    planId,
    actor,
    comment,
    requestId,
    state,
  }: PlanDecision & { readonly state: 'rejected' | 'withdrawn' }): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const plan = await waiting(tx, planId, state === 'rejected' ? 'reject' : 'withdraw');
      await tx.plan.update({
        where: { id: planId },
        data: { state, decidedAt: new Date(), decidedBy: actor.id, decisionNote: comment },
      });
      await announce(tx, plan, actor, `${state === 'rejected' ? 'rejected' : 'withdrew'} a plan for`, requestId, {
        comment,
      });
    });
  }

  async expire(): Promise<void> {
    const due = await this.#db.plan.findMany({
      where: { state: 'awaiting-approval', expiresAt: { lte: new Date() } },
      take: 100,
    });
    for (const plan of due) {
      await this.#db.$transaction(async (tx) => {
        const { count } = await tx.plan.updateMany({
          where: { id: plan.id, state: 'awaiting-approval' },
          data: { state: 'expired', decidedAt: new Date() },
        });
        if (count > 0) await announce(tx, plan, PRODUCT, 'let expire a plan for', null, {});
      });
    }
  }

  async #whyNoSecond(planId: string): Promise<DomainError> {
    const plan = await this.byId(planId);
    const active = await this.#db.cycle.findFirst({
      where: { clusterId: plan.clusterId, state: { in: [...ACTIVE_STATES] } },
    });
    if (active !== null && active.planId !== planId)
      return new DomainError('CYCLE_ACTIVE', { clusterId: plan.clusterId, cycleId: active.id });
    return new DomainError('PLAN_STATE', { planId, state: plan.state, action: 'approve' });
  }
}

/** The plan, locked, if it still waits for a decision and its time is not over. */
async function waiting(tx: Prisma.TransactionClient, planId: string, action: string): Promise<Plan> {
  await tx.$queryRaw`SELECT 1 FROM plan WHERE id = ${planId} FOR UPDATE`;
  const plan = await tx.plan.findUnique({ where: { id: planId } });
  if (plan === null) throw new DomainError('NOT_FOUND', { kind: 'plan', id: planId });
  if (plan.state !== 'awaiting-approval') throw new DomainError('PLAN_STATE', { planId, state: plan.state, action });
  if (plan.expiresAt.getTime() <= Date.now() && action === 'approve') {
    throw new DomainError('PLAN_EXPIRED', { planId, expiredAt: plan.expiresAt.getTime() });
  }
  return plan;
}

/** Keeps it enabled until the transaction ends. */
async function refuseDisabled(tx: Prisma.TransactionClient, environmentId: string): Promise<void> {
  const [row] = await tx.$queryRaw<{ disabled: boolean }[]>`
    SELECT disabled_at IS NOT NULL AS disabled FROM environment WHERE id = ${environmentId} FOR KEY SHARE`;
  if (row?.disabled !== true) return;
  const message = 'it is disabled: nothing is cycled there until an administrator enables it';
  throw new DomainError('CONFLICT', { kind: 'environment', id: environmentId, message });
}

/**
 * Keeps what is declared as it is until the transaction ends: whoever edits or removes the cluster sees either no cycle or
 * this one. Throws PLAN_STALE where it was edited since the plan was compared with it, CLUSTER_UNKNOWN where it was removed.
 */
async function holdCluster(tx: Prisma.TransactionClient, { id: planId, clusterId, body }: Plan): Promise<void> {
  const [row] = await tx.$queryRaw<{ config: string }[]>`
    SELECT config FROM cluster WHERE id = ${clusterId} AND removed_at IS NULL FOR SHARE`;
  if (row === undefined) throw new DomainError('CLUSTER_UNKNOWN', { id: clusterId });
  if (row.config !== (body as unknown as PlanBody).cluster.config)
    throw new DomainError('PLAN_STALE', { planId, changes: ['the spec was changed a moment ago'] });
}

async function insertCycle(tx: Prisma.TransactionClient, plan: Plan, cycleId: string): Promise<void> {
  const { explanation } = plan.body as unknown as PlanBody;
  await tx.cycle.create({
    data: {
      id: cycleId,
      planId: plan.id,
      clusterId: plan.clusterId,
      environmentId: plan.environmentId,
      state: 'approved',
    },
  });
  const decisions = { replace: 'replace', wait: 'replace', 'scale-in': 'scale-in', finish: 'finish' } as const;
  await tx.cycleInstance.createMany({
    data: explanation.decisions.flatMap(({ instanceId, kind }) =>
      kind === 'keep' || kind === 'skip' ? [] : [{ cycleId, instanceId, role: 'planned', decision: decisions[kind] }],
    ),
  });
}

async function announce(
  tx: Prisma.TransactionClient,
  plan: { readonly id: string; readonly clusterId: string; readonly environmentId: string },
  actor: Actor,
  verb: string,
  requestId: string | null,
  after: Readonly<Record<string, string | number>>,
  cycleId: string | null = null,
): Promise<void> {
  const { name } = await tx.cluster.findUniqueOrThrow({ where: { id: plan.clusterId }, select: { name: true } });
  const body = { what: 'plan' };
  await recordActivity(tx, { actor, verb, object: { kind: 'plan', id: plan.id, name }, after, requestId }, [
    { stream: `cluster:${plan.clusterId}`, kind: 'changed', body },
    ...(cycleId === null ? [] : [{ stream: 'cycles', kind: 'changed', body } as const]),
    { stream: `environment:${plan.environmentId}`, kind: 'changed', body: { clusterIds: [plan.clusterId] } },
    { stream: `plan:${plan.id}`, kind: 'changed', body },
    { stream: 'plans', kind: 'changed', body },
  ]);
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}

function planRecord(
  row: Plan & {
    approvals: readonly { userId: string; fingerprint: string; comment: string; at: Date }[];
    cycle: { id: string } | null;
  },
): PlanRecord {
  const { id, clusterId, environmentId, authorId, comment, fingerprint, decidedBy, decisionNote } = row;
  return {
    id,
    clusterId,
    environmentId,
    authorId,
    comment,
    fingerprint,
    decidedBy,
    decisionNote,
    state: row.state as PlanState,
    body: row.body as unknown as PlanBody,
    ticked: row.ticked as string[],
    expiresAt: row.expiresAt.getTime(),
    createdAt: row.createdAt.getTime(),
    decidedAt: milliseconds(row.decidedAt),
    approvals: row.approvals.map(({ at, ...approval }): ApprovalRecord => ({ ...approval, at: at.getTime() })),
    cycleId: row.cycle?.id ?? null,
  };
}
