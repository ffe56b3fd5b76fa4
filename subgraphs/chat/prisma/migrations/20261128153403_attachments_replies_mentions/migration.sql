-- AlterTable
ALTER TABLE "message" ADD COLUMN     "media_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "mention_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "reply_to_id" TEXT;
