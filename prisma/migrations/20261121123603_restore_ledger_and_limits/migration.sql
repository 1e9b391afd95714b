-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "max_active_cycles" INTEGER;

-- AlterTable
ALTER TABLE "cluster" ADD COLUMN     "autoscaling" TEXT;

-- AlterTable
ALTER TABLE "instance" ADD COLUMN     "closed" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "sim_instance" ADD COLUMN     "closed_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "restore_entry" (
    "id" TEXT NOT NULL,
    "cycle_id" TEXT NOT NULL,
    "cluster_id" TEXT NOT NULL,
    "setting" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL DEFAULT '',
    "before" TEXT NOT NULL,
    "during" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "restore_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sim_cluster" (
    "environment_id" TEXT NOT NULL,
    "cluster_id" TEXT NOT NULL,
    "autoscaling" TEXT NOT NULL,

    CONSTRAINT "sim_cluster_pkey" PRIMARY KEY ("environment_id","cluster_id")
);

-- CreateIndex
CREATE INDEX "restore_entry_cluster_id_settled_at_idx" ON "restore_entry"("cluster_id", "settled_at");

-- CreateIndex
CREATE UNIQUE INDEX "restore_entry_cycle_id_setting_instance_id_key" ON "restore_entry"("cycle_id", "setting", "instance_id");

-- AddForeignKey
ALTER TABLE "restore_entry" ADD CONSTRAINT "restore_entry_cycle_id_fkey" FOREIGN KEY ("cycle_id") REFERENCES "cycle"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: what Prisma's schema language cannot say.

-- Whoever looks for work asks each second which ended cycles have something to put back, and mostly there are none
CREATE INDEX "restore_entry_open_idx" ON "restore_entry"("cycle_id") WHERE "settled_at" IS NULL;
