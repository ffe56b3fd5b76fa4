-- CreateTable
CREATE TABLE "private_author" (
    "author_id" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "private_author_pkey" PRIMARY KEY ("author_id")
);
