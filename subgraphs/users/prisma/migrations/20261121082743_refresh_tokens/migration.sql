-- AlterTable
ALTER TABLE "session" ADD COLUMN     "expires_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now() + interval '10 minutes',
ADD COLUMN     "family_hash" TEXT,
ADD COLUMN     "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "previous_hash" TEXT,
ADD COLUMN     "rotated_at" TIMESTAMPTZ(3),
ADD COLUMN     "successor_salt" TEXT,
ADD COLUMN     "token_hash" TEXT;

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");
