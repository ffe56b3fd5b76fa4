-- DropForeignKey
ALTER TABLE "notification_actor" DROP CONSTRAINT "notification_actor_notification_id_fkey";

-- DropForeignKey
ALTER TABLE "notification_event" DROP CONSTRAINT "notification_event_recipient_id_fkey";

-- What the references did besides being checked for each row written: to take everything with a head or a notification.
-- Whoever writes an entry or an actor holds the row that it belongs to, so a deletion waits for them and sees what they wrote.
CREATE FUNCTION "notification_head_deleted"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "notification_event" WHERE "recipient_id" = old."recipient_id";
  RETURN NULL;
END $$;
CREATE TRIGGER "notification_head_deleted" AFTER DELETE ON "notification_head"
FOR EACH ROW EXECUTE FUNCTION "notification_head_deleted"();

CREATE FUNCTION "notification_deleted"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "notification_actor" WHERE "notification_id" = old."id";
  RETURN NULL;
END $$;
CREATE TRIGGER "notification_deleted" AFTER DELETE ON "notification"
FOR EACH ROW EXECUTE FUNCTION "notification_deleted"();
