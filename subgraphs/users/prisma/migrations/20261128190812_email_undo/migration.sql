-- CreateTable
CREATE TABLE "email_undo" (
    "token_hash" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "email_undo_pkey" PRIMARY KEY ("token_hash")
);

-- CreateIndex
CREATE INDEX "email_undo_user_id_idx" ON "email_undo"("user_id");

-- CreateIndex
CREATE INDEX "email_undo_email_idx" ON "email_undo"("email");

-- CreateIndex
CREATE INDEX "email_undo_expires_at_idx" ON "email_undo"("expires_at");

-- AddForeignKey
ALTER TABLE "email_undo" ADD CONSTRAINT "email_undo_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
