-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "user_account" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "role" TEXT NOT NULL DEFAULT 'viewer',
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_session" (
    "id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "auth_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_account" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "auth_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "auth_verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_rate_limit" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "last_request" BIGINT NOT NULL,

    CONSTRAINT "auth_rate_limit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "label" TEXT NOT NULL DEFAULT '',
    "invited_by" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "consumed_at" TIMESTAMPTZ(3),
    "consumed_by" TEXT,
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "environment" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "host_id" TEXT,
    "host_name" TEXT,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "self_approval" BOOLEAN NOT NULL DEFAULT false,
    "approvals_needed" INTEGER NOT NULL DEFAULT 1,
    "observed_at" TIMESTAMPTZ(3),
    "sync_error" TEXT,
    "sync_error_since" TIMESTAMPTZ(3),
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "fence" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "environment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cluster" (
    "id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "spec" JSONB NOT NULL,
    "config" TEXT NOT NULL,
    "min_size" INTEGER NOT NULL,
    "target_size" INTEGER NOT NULL,
    "max_size" INTEGER NOT NULL,
    "policy" JSONB,
    "drain_timeout_ms" INTEGER NOT NULL DEFAULT 900000,
    "observed_at" TIMESTAMPTZ(3),
    "observe_error" TEXT,
    "removed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cluster_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cluster_config" (
    "cluster_id" TEXT NOT NULL,
    "config" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "spec" JSONB NOT NULL,
    "author_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cluster_config_pkey" PRIMARY KEY ("cluster_id","config")
);

-- CreateTable
CREATE TABLE "instance" (
    "cluster_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "config" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3),
    "state_since" TIMESTAMPTZ(3) NOT NULL,
    "health" TEXT,
    "healthy_since" TIMESTAMPTZ(3),
    "zone" TEXT,
    "protection" TEXT,
    "workloads" JSONB NOT NULL DEFAULT '[]',
    "token" TEXT,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "instance_pkey" PRIMARY KEY ("cluster_id","id")
);

-- CreateTable
CREATE TABLE "instance_transition" (
    "id" BIGSERIAL NOT NULL,
    "cluster_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "config" TEXT NOT NULL,
    "health" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "instance_transition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan" (
    "id" TEXT NOT NULL,
    "cluster_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "author_id" TEXT NOT NULL,
    "comment" TEXT NOT NULL DEFAULT '',
    "fingerprint" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "ticked" JSONB NOT NULL DEFAULT '[]',
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,
    "decision_note" TEXT,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "approval" (
    "plan_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "comment" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "approval_pkey" PRIMARY KEY ("plan_id","user_id")
);

-- CreateTable
CREATE TABLE "cycle" (
    "id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "cluster_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" JSONB,
    "abort_mode" TEXT,
    "step" INTEGER NOT NULL DEFAULT 0,
    "summary" JSONB,
    "retries" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),
    "resumed_at" TIMESTAMPTZ(3),
    "last_turn_at" TIMESTAMPTZ(3),
    "progress" JSONB,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "fence" BIGINT NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cycle_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cycle_instance" (
    "cycle_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "decision" TEXT,
    "skipped_at" TIMESTAMPTZ(3),
    "skipped_by" TEXT,
    "forced_at" TIMESTAMPTZ(3),
    "forced_by" TEXT,
    "drain_extension_ms" INTEGER NOT NULL DEFAULT 0,
    "gone_at" TIMESTAMPTZ(3),

    CONSTRAINT "cycle_instance_pkey" PRIMARY KEY ("cycle_id","instance_id")
);

-- CreateTable
CREATE TABLE "intent" (
    "id" TEXT NOT NULL,
    "cycle_id" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "instance_id" TEXT,
    "count" INTEGER NOT NULL DEFAULT 0,
    "token" TEXT NOT NULL,
    "fence" BIGINT NOT NULL,
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "because" TEXT NOT NULL DEFAULT '',
    "outcome" TEXT NOT NULL DEFAULT 'pending',
    "settled_by" TEXT,
    "error" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "intent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cycle_failure" (
    "cycle_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cycle_failure_pkey" PRIMARY KEY ("cycle_id","instance_id","kind")
);

-- CreateTable
CREATE TABLE "cycle_sample" (
    "cycle_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "started_new" INTEGER NOT NULL,
    "started_old" INTEGER NOT NULL,
    "starting" INTEGER NOT NULL,
    "draining" INTEGER NOT NULL,
    "drained" INTEGER NOT NULL,
    "terminating" INTEGER NOT NULL,
    "unhealthy" INTEGER NOT NULL,
    "in_service" INTEGER NOT NULL,

    CONSTRAINT "cycle_sample_pkey" PRIMARY KEY ("cycle_id","at")
);

-- CreateTable
CREATE TABLE "back_end_call" (
    "id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "cycle_id" TEXT,
    "operation" TEXT NOT NULL,
    "token" TEXT,
    "detail" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "result" TEXT NOT NULL,

    CONSTRAINT "back_end_call_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_stream" (
    "name" TEXT NOT NULL,
    "seq" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "event_stream_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "event" (
    "stream" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_pkey" PRIMARY KEY ("stream","seq")
);

-- CreateTable
CREATE TABLE "activity" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" TEXT,
    "actor_name" TEXT NOT NULL,
    "verb" TEXT NOT NULL,
    "object_kind" TEXT NOT NULL,
    "object_id" TEXT NOT NULL,
    "object_name" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "request_id" TEXT,

    CONSTRAINT "activity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" TEXT NOT NULL,
    "host_id" TEXT NOT NULL,
    "host_name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sim_instance" (
    "id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "cluster_id" TEXT,
    "logical_id" TEXT,
    "tags" JSONB NOT NULL,
    "properties" JSONB NOT NULL,
    "zone" TEXT NOT NULL,
    "protection" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "start_ms" INTEGER NOT NULL,
    "start_failure" TEXT,
    "drain_ms" INTEGER NOT NULL,
    "drain_stuck" BOOLEAN NOT NULL DEFAULT false,
    "terminate_ms" INTEGER NOT NULL,
    "dies_at" TIMESTAMPTZ(3),
    "workloads" JSONB NOT NULL DEFAULT '[]',
    "drain_ordered_at" TIMESTAMPTZ(3),
    "destroy_ordered_at" TIMESTAMPTZ(3),
    "gone_at" TIMESTAMPTZ(3),

    CONSTRAINT "sim_instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sim_call" (
    "id" BIGSERIAL NOT NULL,
    "environment_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "operation" TEXT NOT NULL,
    "token" TEXT,
    "instance_id" TEXT,
    "cluster_id" TEXT,
    "effect" BOOLEAN NOT NULL,
    "answer" TEXT NOT NULL,
    "in_service" INTEGER,
    "detail" JSONB,

    CONSTRAINT "sim_call_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_account_email_key" ON "user_account"("email");

-- CreateIndex
CREATE UNIQUE INDEX "auth_session_token_key" ON "auth_session"("token");

-- CreateIndex
CREATE INDEX "auth_session_user_id_idx" ON "auth_session"("user_id");

-- CreateIndex
CREATE INDEX "auth_account_user_id_idx" ON "auth_account"("user_id");

-- CreateIndex
CREATE INDEX "auth_verification_identifier_idx" ON "auth_verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "auth_rate_limit_key_key" ON "auth_rate_limit"("key");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "environment_name_key" ON "environment"("name");

-- CreateIndex
CREATE UNIQUE INDEX "cluster_environment_id_name_key" ON "cluster"("environment_id", "name");

-- CreateIndex
CREATE INDEX "instance_id_idx" ON "instance"("id");

-- CreateIndex
CREATE INDEX "instance_transition_cluster_id_at_idx" ON "instance_transition"("cluster_id", "at");

-- CreateIndex
CREATE INDEX "instance_transition_cluster_id_instance_id_at_idx" ON "instance_transition"("cluster_id", "instance_id", "at");

-- CreateIndex
CREATE INDEX "plan_cluster_id_created_at_idx" ON "plan"("cluster_id", "created_at");

-- CreateIndex
CREATE INDEX "plan_state_idx" ON "plan"("state");

-- CreateIndex
CREATE UNIQUE INDEX "cycle_plan_id_key" ON "cycle"("plan_id");

-- CreateIndex
CREATE INDEX "cycle_cluster_id_created_at_idx" ON "cycle"("cluster_id", "created_at");

-- CreateIndex
CREATE INDEX "cycle_state_idx" ON "cycle"("state");

-- CreateIndex
CREATE UNIQUE INDEX "intent_token_key" ON "intent"("token");

-- CreateIndex
CREATE INDEX "intent_cycle_id_step_ordinal_idx" ON "intent"("cycle_id", "step", "ordinal");

-- CreateIndex
CREATE INDEX "intent_cycle_id_instance_id_idx" ON "intent"("cycle_id", "instance_id");

-- CreateIndex
CREATE INDEX "back_end_call_cycle_id_at_idx" ON "back_end_call"("cycle_id", "at");

-- CreateIndex
CREATE INDEX "back_end_call_environment_id_at_idx" ON "back_end_call"("environment_id", "at");

-- CreateIndex
CREATE INDEX "event_at_idx" ON "event"("at");

-- CreateIndex
CREATE INDEX "activity_object_kind_object_id_idx" ON "activity"("object_kind", "object_id");

-- CreateIndex
CREATE INDEX "activity_actor_id_idx" ON "activity"("actor_id");

-- CreateIndex
CREATE INDEX "sim_instance_environment_id_cluster_id_gone_at_idx" ON "sim_instance"("environment_id", "cluster_id", "gone_at");

-- CreateIndex
CREATE UNIQUE INDEX "sim_instance_environment_id_logical_id_key" ON "sim_instance"("environment_id", "logical_id");

-- CreateIndex
CREATE INDEX "sim_call_environment_id_id_idx" ON "sim_call"("environment_id", "id");

-- CreateIndex
CREATE INDEX "sim_call_environment_id_token_idx" ON "sim_call"("environment_id", "token");

-- AddForeignKey
ALTER TABLE "auth_session" ADD CONSTRAINT "auth_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_account" ADD CONSTRAINT "auth_account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cluster" ADD CONSTRAINT "cluster_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cluster_config" ADD CONSTRAINT "cluster_config_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance" ADD CONSTRAINT "instance_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance_transition" ADD CONSTRAINT "instance_transition_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan" ADD CONSTRAINT "plan_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cycle" ADD CONSTRAINT "cycle_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cycle_instance" ADD CONSTRAINT "cycle_instance_cycle_id_fkey" FOREIGN KEY ("cycle_id") REFERENCES "cycle"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "intent" ADD CONSTRAINT "intent_cycle_id_fkey" FOREIGN KEY ("cycle_id") REFERENCES "cycle"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cycle_failure" ADD CONSTRAINT "cycle_failure_cycle_id_fkey" FOREIGN KEY ("cycle_id") REFERENCES "cycle"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cycle_sample" ADD CONSTRAINT "cycle_sample_cycle_id_fkey" FOREIGN KEY ("cycle_id") REFERENCES "cycle"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: what Prisma's schema language cannot say. This part is kept when the file above is written again.

-- One active cycle for a cluster.
CREATE UNIQUE INDEX "cycle_one_active_per_cluster" ON "cycle"("cluster_id")
    WHERE "state" IN ('approved', 'running', 'pausing', 'paused', 'aborting');

ALTER TABLE "user_account" ADD CONSTRAINT "user_account_role_check"
    CHECK ("role" IN ('viewer', 'operator', 'administrator'));
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_role_check"
    CHECK ("role" IN ('viewer', 'operator', 'administrator'));
ALTER TABLE "plan" ADD CONSTRAINT "plan_state_check"
    CHECK ("state" IN ('awaiting-approval', 'approved', 'rejected', 'withdrawn', 'expired'));
ALTER TABLE "cycle" ADD CONSTRAINT "cycle_state_check"
    CHECK ("state" IN ('approved', 'running', 'pausing', 'paused', 'aborting', 'aborted', 'completed', 'failed'));
ALTER TABLE "intent" ADD CONSTRAINT "intent_outcome_check"
    CHECK ("outcome" IN ('pending', 'done', 'partly-done', 'not-done', 'failed', 'unknown'));
