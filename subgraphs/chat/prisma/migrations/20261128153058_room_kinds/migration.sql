/*
  Warnings:

  - A unique constraint covering the columns `[post_id]` on the table `room` will be added. If there are existing duplicate values, this will fail.

*/
-- AlterTable
ALTER TABLE "room" ADD COLUMN     "avatar_media_id" TEXT,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'GROUP',
ADD COLUMN     "post_id" TEXT,
ALTER COLUMN "name" DROP NOT NULL;

-- AlterTable
ALTER TABLE "room_event" ADD COLUMN     "avatar_media_id" TEXT,
ADD COLUMN     "name" TEXT,
ADD COLUMN     "reason" TEXT,
ADD COLUMN     "role" TEXT;

-- CreateTable
CREATE TABLE "direct_room" (
    "low_id" TEXT NOT NULL,
    "high_id" TEXT NOT NULL,
    "room_id" TEXT NOT NULL,
    "requester_id" TEXT,
    "request" TEXT,
    "requested_at" TIMESTAMPTZ(3),
    "sent" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "direct_room_pkey" PRIMARY KEY ("low_id","high_id")
);

-- CreateTable
CREATE TABLE "room_ban" (
    "room_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "by_user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "room_ban_pkey" PRIMARY KEY ("room_id","user_id")
);

-- CreateTable
CREATE TABLE "room_invitation" (
    "room_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "by_user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "room_invitation_pkey" PRIMARY KEY ("room_id","user_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "direct_room_room_id_key" ON "direct_room"("room_id");

-- CreateIndex
CREATE INDEX "direct_room_high_id_idx" ON "direct_room"("high_id");

-- CreateIndex
CREATE INDEX "room_ban_room_id_created_at_user_id_idx" ON "room_ban"("room_id", "created_at", "user_id");

-- CreateIndex
CREATE INDEX "room_invitation_user_id_created_at_room_id_idx" ON "room_invitation"("user_id", "created_at", "room_id");

-- CreateIndex
CREATE UNIQUE INDEX "room_post_id_key" ON "room"("post_id");

-- CreateIndex
CREATE INDEX "room_kind_name_id_idx" ON "room"("kind", "name", "id");

-- AddForeignKey
ALTER TABLE "direct_room" ADD CONSTRAINT "direct_room_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "room"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_ban" ADD CONSTRAINT "room_ban_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "room"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_invitation" ADD CONSTRAINT "room_invitation_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "room"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What entries did not tell until now: the roles of those who are members now, and that whoever left did so by themselves.
UPDATE "room_event" SET "role" = "room_member"."role" FROM "room_member"
WHERE "room_event"."kind" = 'MEMBER_JOINED' AND "room_member"."room_id" = "room_event"."room_id"
  AND "room_member"."user_id" = "room_event"."user_id";
UPDATE "room_event" SET "reason" = 'LEFT' WHERE "kind" = 'MEMBER_LEFT';
