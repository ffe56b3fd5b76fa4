-- AlterTable
ALTER TABLE "users" ADD COLUMN     "is_private" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "follow_request" (
    "requester_id" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "follow_request_pkey" PRIMARY KEY ("requester_id","target_id")
);

-- CreateIndex
CREATE INDEX "follow_request_target_id_created_at_requester_id_idx" ON "follow_request"("target_id", "created_at", "requester_id");

-- CreateIndex
CREATE INDEX "follow_request_requester_id_created_at_target_id_idx" ON "follow_request"("requester_id", "created_at", "target_id");

-- AddForeignKey
ALTER TABLE "follow_request" ADD CONSTRAINT "follow_request_requester_id_fkey" FOREIGN KEY ("requester_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "follow_request" ADD CONSTRAINT "follow_request_target_id_fkey" FOREIGN KEY ("target_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
