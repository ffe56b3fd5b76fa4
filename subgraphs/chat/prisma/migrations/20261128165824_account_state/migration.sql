-- AlterTable
ALTER TABLE "message" ALTER COLUMN "author_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "room" ADD COLUMN     "avatar_owner_id" TEXT,
ALTER COLUMN "created_by" DROP NOT NULL;

-- AlterTable
ALTER TABLE "room_ban" ALTER COLUMN "by_user_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "account_state" (
    "account_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "erasure_id" TEXT,
    "noticed_at" TIMESTAMPTZ(6),
    "version" BIGINT NOT NULL,

    CONSTRAINT "account_state_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "erased_account" (
    "key" TEXT NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "erased_account_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "account_state_erasure_id_idx" ON "account_state"("erasure_id");

-- CreateIndex
CREATE INDEX "erased_account_erased_at_idx" ON "erased_account"("erased_at");

-- CreateIndex
CREATE INDEX "block_edge_blocked_id_idx" ON "block_edge"("blocked_id");

-- CreateIndex
CREATE INDEX "follow_edge_followee_id_idx" ON "follow_edge"("followee_id");

-- CreateIndex
CREATE INDEX "message_deleted_by_idx" ON "message"("deleted_by");

-- CreateIndex
CREATE INDEX "message_mention_ids_idx" ON "message" USING GIN ("mention_ids");

-- CreateIndex
CREATE INDEX "message_reaction_user_id_idx" ON "message_reaction"("user_id");

-- CreateIndex
CREATE INDEX "room_created_by_idx" ON "room"("created_by");

-- CreateIndex
CREATE INDEX "room_avatar_owner_id_idx" ON "room"("avatar_owner_id");

-- CreateIndex
CREATE INDEX "room_ban_user_id_idx" ON "room_ban"("user_id");

-- CreateIndex
CREATE INDEX "room_ban_by_user_id_idx" ON "room_ban"("by_user_id");

-- CreateIndex
CREATE INDEX "room_event_user_id_idx" ON "room_event"("user_id");

-- CreateIndex
CREATE INDEX "room_event_by_user_id_idx" ON "room_event"("by_user_id");

-- CreateIndex
CREATE INDEX "room_invitation_by_user_id_idx" ON "room_invitation"("by_user_id");

-- Whose picture a room has: of whoever changed it last, or else made it.
UPDATE "room" SET "avatar_owner_id" = coalesce((
  SELECT "by_user_id" FROM "room_event" e WHERE e."room_id" = "room"."id" AND e."kind" = 'ROOM_UPDATED'
    AND e."avatar_media_id" = "room"."avatar_media_id" ORDER BY e."seq" LIMIT 1
), "created_by") WHERE "avatar_media_id" IS NOT NULL;
