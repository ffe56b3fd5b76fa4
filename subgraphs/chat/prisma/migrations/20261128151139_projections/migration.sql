-- CreateTable
CREATE TABLE "follow_edge" (
    "follower_id" TEXT NOT NULL,
    "followee_id" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "follow_edge_pkey" PRIMARY KEY ("follower_id","followee_id")
);

-- CreateTable
CREATE TABLE "block_edge" (
    "blocker_id" TEXT NOT NULL,
    "blocked_id" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "block_edge_pkey" PRIMARY KEY ("blocker_id","blocked_id")
);

-- CreateTable
CREATE TABLE "private_account" (
    "user_id" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "private_account_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "post" (
    "id" TEXT NOT NULL,
    "author_id" TEXT NOT NULL,
    "visibility" TEXT NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "post_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_event" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "aggregate" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "traceparent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_position" (
    "source" TEXT NOT NULL,
    "generation" TEXT NOT NULL,
    "entry" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_position_pkey" PRIMARY KEY ("source")
);

-- CreateIndex
CREATE INDEX "post_author_id_idx" ON "post"("author_id");

-- CreateIndex
CREATE INDEX "outbox_event_published_at_id_idx" ON "outbox_event"("published_at", "id");
