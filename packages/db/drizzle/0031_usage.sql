-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
CREATE TABLE IF NOT EXISTS "stored_files" (
	"owner_id" uuid PRIMARY KEY NOT NULL,
	"files" integer NOT NULL,
	"bytes" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "usage_days" (
	"day" date NOT NULL,
	"owner_id" uuid NOT NULL,
	"api_key_id" uuid,
	"succeeded" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"canceled" integer DEFAULT 0 NOT NULL,
	"ran_ms" double precision DEFAULT 0 NOT NULL,
	"outputs" integer DEFAULT 0 NOT NULL,
	"output_bytes" bigint DEFAULT 0 NOT NULL,
	"uploads" integer DEFAULT 0 NOT NULL,
	"upload_bytes" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_days_of" UNIQUE NULLS NOT DISTINCT("day","owner_id","api_key_id")
);
--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN IF NOT EXISTS "api_key_id" uuid;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN IF NOT EXISTS "made_files" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN IF NOT EXISTS "made_bytes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN IF NOT EXISTS "ran_ms" double precision DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "maintenance" ADD COLUMN IF NOT EXISTS "usage_counted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "maintenance" ADD COLUMN IF NOT EXISTS "usage_counted_id" uuid;--> statement-breakpoint
ALTER TABLE "stored_files" DROP CONSTRAINT IF EXISTS "stored_files_owner_id_owners_id_fk";--> statement-breakpoint
ALTER TABLE "stored_files" ADD CONSTRAINT "stored_files_owner_id_owners_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."owners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_days" DROP CONSTRAINT IF EXISTS "usage_days_owner_id_owners_id_fk";--> statement-breakpoint
ALTER TABLE "usage_days" ADD CONSTRAINT "usage_days_owner_id_owners_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."owners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- Usage is counted from now on: jobs that ended before do not say what they made.
UPDATE "maintenance" SET "usage_counted_at" = now(), "usage_counted_id" = '00000000-0000-0000-0000-000000000000';--> statement-breakpoint
-- One statement for what comes and what goes, and in the order of owners: two that change the files of several wait for each other
-- in one order. It finds its row by its key whatever is planned.
CREATE OR REPLACE FUNCTION count_stored_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  sign int := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
  INSERT INTO stored_files AS stored (owner_id, files, bytes)
  SELECT owner_id, sign * count(*), sign * sum(size_bytes) FROM changed GROUP BY owner_id ORDER BY owner_id
  ON CONFLICT (owner_id) DO UPDATE SET files = stored.files + EXCLUDED.files, bytes = stored.bytes + EXCLUDED.bytes;
  RETURN NULL;
END $$;--> statement-breakpoint
-- One statement in one transaction: the triggers keep others from writing files until it is committed, so nothing is missed in
-- between. Jobs are read and written meanwhile.
CREATE OR REPLACE TRIGGER "outputs_come" AFTER INSERT ON "outputs" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION count_stored_files();
CREATE OR REPLACE TRIGGER "outputs_go" AFTER DELETE ON "outputs" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION count_stored_files();
CREATE OR REPLACE TRIGGER "uploads_come" AFTER INSERT ON "uploads" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION count_stored_files();
CREATE OR REPLACE TRIGGER "uploads_go" AFTER DELETE ON "uploads" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION count_stored_files();
INSERT INTO "stored_files" ("owner_id", "files", "bytes")
SELECT owner_id, count(*), sum(size_bytes) FROM (
  SELECT owner_id, size_bytes FROM "outputs" UNION ALL SELECT owner_id, size_bytes FROM "uploads") AS kept GROUP BY owner_id
ON CONFLICT (owner_id) DO UPDATE SET files = EXCLUDED.files, bytes = EXCLUDED.bytes;
