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

-- CreateIndex
CREATE INDEX "account_state_erasure_id_idx" ON "account_state"("erasure_id");

-- CreateIndex
CREATE INDEX "erased_account_erased_at_idx" ON "erased_account"("erased_at");

-- CreateIndex
CREATE INDEX "outbox_event_published_at_id_idx" ON "outbox_event"("published_at", "id");

-- CreateIndex
CREATE INDEX "media_owner_id_idx" ON "media"("owner_id");
