-- AlterTable
ALTER TABLE "instance" ADD COLUMN     "labels" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "pool" (
    "name" TEXT NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "paused_by" TEXT,
    "paused_note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pool_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "maintenance" (
    "cluster_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "by_id" TEXT,
    "by_name" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "until" TIMESTAMPTZ(3),

    CONSTRAINT "maintenance_pkey" PRIMARY KEY ("cluster_id","instance_id")
);

-- CreateTable
CREATE TABLE "reservation" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "session_id" TEXT,
    "holder_id" TEXT,
    "holder_name" TEXT NOT NULL,
    "purpose" TEXT NOT NULL DEFAULT '',
    "priority" INTEGER NOT NULL DEFAULT 0,
    "wants" JSONB NOT NULL,
    "pools" TEXT[],
    "lease_ms" BIGINT NOT NULL DEFAULT 0,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "held_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation_machine" (
    "reservation_id" TEXT NOT NULL,
    "component" TEXT NOT NULL,
    "pool" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "cluster_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'reserved',
    "held_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "reservation_machine_pkey" PRIMARY KEY ("reservation_id","component")
);

-- CreateTable
CREATE TABLE "pool_sample" (
    "pool" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "parts" JSONB NOT NULL,
    "waiting" INTEGER NOT NULL,
    "oldest_wait_ms" BIGINT NOT NULL,

    CONSTRAINT "pool_sample_pkey" PRIMARY KEY ("pool","at")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL,
    "outcome" TEXT,
    "verdict" JSONB,
    "owner_id" TEXT,
    "owner_name" TEXT NOT NULL,
    "rerun_of" TEXT,
    "ordered" TEXT,
    "ordered_by" TEXT,
    "ordered_at" TIMESTAMPTZ(3),
    "keep_for_ms" BIGINT NOT NULL DEFAULT 0,
    "keep_until" TIMESTAMPTZ(3),
    "results" JSONB,
    "retries" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "fence" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "accepted_at" TIMESTAMPTZ(3),
    "provision_at" TIMESTAMPTZ(3),
    "running_at" TIMESTAMPTZ(3),
    "decided_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_event" (
    "id" BIGSERIAL NOT NULL,
    "session_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "session_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "execution" (
    "id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "pool" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "cluster_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "workload" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "desired_state" TEXT NOT NULL,
    "message" TEXT NOT NULL DEFAULT '',
    "err" TEXT NOT NULL DEFAULT '',
    "container" JSONB,
    "ports" JSONB,
    "status_at" TIMESTAMPTZ(3),
    "exit_code" INTEGER,
    "signal" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "exited_at" TIMESTAMPTZ(3),
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),
    "health" TEXT NOT NULL DEFAULT 'unknown',
    "health_reason" TEXT NOT NULL DEFAULT '',
    "health_since" TIMESTAMPTZ(3),
    "log_lines" INTEGER NOT NULL DEFAULT 0,
    "removed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "execution_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "execution_transition" (
    "id" BIGSERIAL NOT NULL,
    "execution_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL,
    "desired_state" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "err" TEXT NOT NULL DEFAULT '',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),

    CONSTRAINT "execution_transition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "health_transition" (
    "id" BIGSERIAL NOT NULL,
    "execution_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "health" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "health_transition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "log_line" (
    "execution_id" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "stream" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "log_line_pkey" PRIMARY KEY ("execution_id","line")
);

-- CreateTable
CREATE TABLE "secret" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "owner_name" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "nonce" BYTEA NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "config_file" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "owner_name" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "config_file_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "reservation_session_id_key" ON "reservation"("session_id");

-- CreateIndex
CREATE INDEX "reservation_state_priority_requested_at_idx" ON "reservation"("state", "priority", "requested_at");

-- CreateIndex
CREATE INDEX "reservation_holder_id_idx" ON "reservation"("holder_id");

-- CreateIndex
CREATE INDEX "reservation_requested_at_idx" ON "reservation"("requested_at");

-- CreateIndex
CREATE INDEX "reservation_machine_cluster_id_instance_id_held_at_idx" ON "reservation_machine"("cluster_id", "instance_id", "held_at");

-- CreateIndex
CREATE INDEX "reservation_machine_pool_held_at_idx" ON "reservation_machine"("pool", "held_at");

-- CreateIndex
CREATE INDEX "session_state_idx" ON "session"("state");

-- CreateIndex
CREATE INDEX "session_created_at_idx" ON "session"("created_at");

-- CreateIndex
CREATE INDEX "session_owner_id_created_at_idx" ON "session"("owner_id", "created_at");

-- CreateIndex
CREATE INDEX "session_event_session_id_id_idx" ON "session_event"("session_id", "id");

-- CreateIndex
CREATE INDEX "execution_cluster_id_instance_id_idx" ON "execution"("cluster_id", "instance_id");

-- CreateIndex
CREATE INDEX "execution_state_idx" ON "execution"("state");

-- CreateIndex
CREATE INDEX "execution_created_at_idx" ON "execution"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "execution_session_id_name_key" ON "execution"("session_id", "name");

-- CreateIndex
CREATE INDEX "execution_transition_execution_id_id_idx" ON "execution_transition"("execution_id", "id");

-- CreateIndex
CREATE INDEX "health_transition_execution_id_id_idx" ON "health_transition"("execution_id", "id");

-- CreateIndex
CREATE INDEX "log_line_execution_id_at_idx" ON "log_line"("execution_id", "at");

-- CreateIndex
CREATE INDEX "log_line_execution_id_level_line_idx" ON "log_line"("execution_id", "level", "line");

-- CreateIndex
CREATE UNIQUE INDEX "secret_name_key" ON "secret"("name");

-- CreateIndex
CREATE UNIQUE INDEX "config_file_name_key" ON "config_file"("name");

-- AddForeignKey
ALTER TABLE "reservation_machine" ADD CONSTRAINT "reservation_machine_reservation_id_fkey" FOREIGN KEY ("reservation_id") REFERENCES "reservation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_event" ADD CONSTRAINT "session_event_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution" ADD CONSTRAINT "execution_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution_transition" ADD CONSTRAINT "execution_transition_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "execution"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "health_transition" ADD CONSTRAINT "health_transition_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "execution"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "log_line" ADD CONSTRAINT "log_line_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "execution"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: what Prisma's schema language cannot say.

-- No machine is held twice.
CREATE UNIQUE INDEX "reservation_machine_held_once" ON "reservation_machine"("cluster_id", "instance_id")
    WHERE "released_at" IS NULL;

ALTER TABLE "reservation" ADD CONSTRAINT "reservation_state_check" CHECK ("state" IN ('waiting', 'held', 'ended'));
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_kind_check" CHECK ("kind" IN ('session', 'manual'));
ALTER TABLE "reservation_machine" ADD CONSTRAINT "reservation_machine_state_check"
    CHECK ("state" IN ('reserved', 'running', 'cleaning'));
ALTER TABLE "session" ADD CONSTRAINT "session_state_check"
    CHECK ("state" IN ('queued', 'accepted', 'provisioning', 'running', 'keeping', 'cleaning', 'ended'));
ALTER TABLE "log_line" ADD CONSTRAINT "log_line_level_check" CHECK ("level" IN ('debug', 'info', 'warn', 'error'));
