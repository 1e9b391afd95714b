-- CreateIndex
CREATE INDEX "cycle_ended_at_id_idx" ON "cycle"("ended_at", "id");
