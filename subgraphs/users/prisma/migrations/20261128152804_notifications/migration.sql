-- CreateTable
CREATE TABLE "known_device" (
    "user_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "known_device_pkey" PRIMARY KEY ("user_id","hash")
);

-- CreateTable
CREATE TABLE "notification_head" (
    "recipient_id" TEXT NOT NULL,
    "last_seq" INTEGER NOT NULL,
    "log_epoch" TEXT NOT NULL DEFAULT (gen_random_uuid())::text,
    "seen_seq" INTEGER NOT NULL DEFAULT 0,
    "read_seq" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "notification_head_pkey" PRIMARY KEY ("recipient_id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" TEXT NOT NULL,
    "recipient_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "post_id" TEXT,
    "device" TEXT,
    "address" TEXT,
    "actor_count" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "news_seq" INTEGER NOT NULL,
    "read_seq" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification_actor" (
    "actor_id" TEXT NOT NULL,
    "recipient_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "notification_id" TEXT,
    "comment_id" TEXT,
    "seq" INTEGER,
    "version" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notification_actor_pkey" PRIMARY KEY ("actor_id","recipient_id","type","target_id")
);

-- CreateTable
CREATE TABLE "notification_event" (
    "recipient_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "notification_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notification_event_pkey" PRIMARY KEY ("recipient_id","seq")
);

-- CreateTable
CREATE TABLE "notification_off" (
    "user_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,

    CONSTRAINT "notification_off_pkey" PRIMARY KEY ("user_id","type")
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
CREATE INDEX "notification_recipient_id_news_seq_idx" ON "notification"("recipient_id", "news_seq");

-- CreateIndex
CREATE INDEX "notification_actor_notification_id_seq_actor_id_idx" ON "notification_actor"("notification_id", "seq", "actor_id");

-- AddForeignKey
ALTER TABLE "known_device" ADD CONSTRAINT "known_device_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification_head" ADD CONSTRAINT "notification_head_recipient_id_fkey" FOREIGN KEY ("recipient_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_recipient_id_fkey" FOREIGN KEY ("recipient_id") REFERENCES "notification_head"("recipient_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification_actor" ADD CONSTRAINT "notification_actor_notification_id_fkey" FOREIGN KEY ("notification_id") REFERENCES "notification"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification_event" ADD CONSTRAINT "notification_event_recipient_id_fkey" FOREIGN KEY ("recipient_id") REFERENCES "notification_head"("recipient_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification_off" ADD CONSTRAINT "notification_off_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What people are signed in with now is known: the next log-in from it is no news.
INSERT INTO "known_device" ("user_id", "hash", "last_used_at")
SELECT "user_id",
       translate(rtrim(encode(sha256(convert_to(lower(regexp_replace(coalesce("device", ''), '[\d.]+', '', 'g')), 'UTF8')), 'base64'), '='), '+/', '-_'),
       max("last_used_at")
FROM "session" GROUP BY 1, 2;
