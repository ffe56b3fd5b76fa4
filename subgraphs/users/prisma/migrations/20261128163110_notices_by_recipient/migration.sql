-- CreateIndex
CREATE INDEX "notification_actor_recipient_id_idx" ON "notification_actor"("recipient_id");
