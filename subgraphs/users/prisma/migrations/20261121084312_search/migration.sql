-- Trusted: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- So that the unique index serves prefixes, whatever the collation of the database.
ALTER TABLE "users" ALTER COLUMN "handle" TYPE TEXT COLLATE "C";

-- CreateIndex
CREATE INDEX "users_name_idx" ON "users" USING GIN ("name" gin_trgm_ops);

-- By words, for names beyond ASCII: where the locale of the database is C, pg_trgm sees no letters in them.
CREATE INDEX "users_name_words_idx" ON "users" USING GIN (to_tsvector('simple', "name"));
