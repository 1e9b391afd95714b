-- CreateIndex
CREATE INDEX "reservation_machine_cluster_id_instance_id_released_at_idx" ON "reservation_machine"("cluster_id", "instance_id", "released_at");

-- CreateIndex
CREATE INDEX "pool_sample_at_idx" ON "pool_sample"("at");

-- By hand: what Prisma's schema language cannot say.

-- Few of all that ever ran are still to be removed from their machines.
CREATE INDEX "execution_orphans" ON "execution"("retry_at") WHERE "removed_at" IS NOT NULL AND "retry_at" IS NOT NULL;
