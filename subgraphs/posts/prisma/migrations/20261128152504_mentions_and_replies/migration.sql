-- AlterTable
ALTER TABLE "comment" ADD COLUMN     "mention_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "reply_to_id" TEXT;

-- AlterTable
ALTER TABLE "post" ADD COLUMN     "mention_ids" TEXT[] DEFAULT ARRAY[]::TEXT[];
