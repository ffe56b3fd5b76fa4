-- AlterTable
ALTER TABLE "users" ADD COLUMN     "banner_media_id" TEXT,
ADD COLUMN     "link" TEXT,
ADD COLUMN     "pronouns" TEXT;
