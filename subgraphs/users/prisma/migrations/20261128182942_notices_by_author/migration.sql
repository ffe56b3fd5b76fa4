-- AlterTable
ALTER TABLE "notification_actor" ADD COLUMN     "author_id" TEXT;

-- Most have none, and cost the index nothing.
CREATE INDEX "notification_actor_author_id_idx" ON "notification_actor"("author_id") WHERE "author_id" IS NOT NULL;

-- Whoever answered or mentioned somebody under a post did, by the same comment, tell the post's author, too.
UPDATE "notification_actor" AS "known" SET "author_id" = "author"."recipient_id"
FROM "notification", "notification_actor" AS "author"
WHERE "known"."type" IN ('REPLY', 'MENTION') AND "notification"."id" = "known"."notification_id"
  AND "author"."actor_id" = "known"."actor_id" AND "author"."type" = 'COMMENT'
  AND "author"."target_id" = "notification"."post_id"
  AND "known"."recipient_id" <> "author"."recipient_id";

-- CreateIndex
CREATE INDEX "code_email_idx" ON "code"("email");

-- CreateIndex
CREATE INDEX "letter_recipient_idx" ON "letter"("recipient");
