-- CreateEnum
CREATE TYPE "account_state" AS ENUM ('ACTIVE', 'DEACTIVATED', 'DELETED');

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "state" "account_state" NOT NULL DEFAULT 'ACTIVE';

-- CreateTable
CREATE TABLE "deletion" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "erased_at" TIMESTAMPTZ(3),
    "told_at" TIMESTAMPTZ(3),
    "confirmed_by" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "deletion_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "deletion_user_id_key" ON "deletion"("user_id");

-- CreateIndex
CREATE INDEX "deletion_due_at_idx" ON "deletion"("due_at");
