-- CreateTable
CREATE TABLE "public_room" (
    "room_id" TEXT NOT NULL,
    "active_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "public_room_pkey" PRIMARY KEY ("room_id")
);

-- CreateIndex
CREATE INDEX "public_room_active_at_room_id_idx" ON "public_room"("active_at", "room_id");

-- AddForeignKey
ALTER TABLE "public_room" ADD CONSTRAINT "public_room_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "room"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By triggers and not where rooms are written: a message in a room that is not public costs nothing, and a process of the
-- version before keeps the table, too.
CREATE FUNCTION "room_is_active"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "public_room" ("room_id", "active_at") VALUES (new."id", new."last_activity_at")
  ON CONFLICT ("room_id") DO UPDATE SET "active_at" = excluded."active_at";
  RETURN NULL;
END $$;
CREATE TRIGGER "public_room_made" AFTER INSERT ON "room"
FOR EACH ROW WHEN (new."kind" = 'PUBLIC') EXECUTE FUNCTION "room_is_active"();
CREATE TRIGGER "public_room_active" AFTER UPDATE OF "last_activity_at" ON "room"
FOR EACH ROW WHEN (new."kind" = 'PUBLIC' AND new."last_activity_at" <> old."last_activity_at")
EXECUTE FUNCTION "room_is_active"();

INSERT INTO "public_room" ("room_id", "active_at") SELECT "id", "last_activity_at" FROM "room" WHERE "kind" = 'PUBLIC'
ON CONFLICT ("room_id") DO NOTHING;
