-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
ALTER TABLE "uploads" ADD COLUMN IF NOT EXISTS "address_key" text;--> statement-breakpoint
ALTER TABLE "uploads" ADD COLUMN IF NOT EXISTS "expires_at" timestamp (3) with time zone DEFAULT now() + interval '30 days' NOT NULL;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_uploads";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_uploads" ON "jobs" USING gin (jsonb_path_query_array(inputs, '$.*.uploadId')) WHERE jsonb_path_exists(inputs, '$.*.uploadId');--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "uploads_address";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "uploads_address" ON "uploads" USING btree ("address_key") WHERE address_key is not null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "uploads_expiry";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "uploads_expiry" ON "uploads" USING btree ("expires_at");