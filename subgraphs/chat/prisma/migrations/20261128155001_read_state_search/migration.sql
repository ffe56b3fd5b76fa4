-- AlterTable
ALTER TABLE "room_member" ADD COLUMN     "last_read_seq" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "muted_until" TIMESTAMPTZ(3);

-- Counting what is unread reads nothing but this index. Prisma does not know one that includes columns.
DROP INDEX "message_room_id_seq_key";
CREATE UNIQUE INDEX "message_room_id_seq_key" ON "message"("room_id", "seq") INCLUDE ("author_id", "deleted_at");

-- Search: rooms and words in one index, so that membership is part of what it finds. Prisma does not know such an index.
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE INDEX "message_search_idx" ON "message" USING GIN ("room_id", to_tsvector('simple', "text"));
