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
CREATE INDEX "comment_author_id_idx" ON "comment"("author_id");

-- CreateIndex
CREATE INDEX "follow_edge_followee_id_idx" ON "follow_edge"("followee_id");

-- CreateIndex
CREATE INDEX "mute_edge_muted_id_idx" ON "mute_edge"("muted_id");

-- CreateIndex
CREATE INDEX "post_like_user_id_idx" ON "post_like"("user_id");
