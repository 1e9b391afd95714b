-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "disabled_at" TIMESTAMPTZ(3),
ADD COLUMN     "removed_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "worker" ADD COLUMN     "plugins" JSONB;

-- CreateTable
CREATE TABLE "back_end_traffic" (
    "environment_id" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "calls" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL,
    "throttled" INTEGER NOT NULL,

    CONSTRAINT "back_end_traffic_pkey" PRIMARY KEY ("environment_id","since")
);

-- CreateTable
CREATE TABLE "connection_test" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "host_id" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "taken_at" TIMESTAMPTZ(3),
    "findings" JSONB,

    CONSTRAINT "connection_test_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "back_end_traffic_since_idx" ON "back_end_traffic"("since");

-- CreateIndex
CREATE INDEX "connection_test_asked_at_idx" ON "connection_test"("asked_at");
