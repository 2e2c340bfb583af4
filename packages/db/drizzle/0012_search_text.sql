-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
ALTER TABLE "jobs" ADD COLUMN IF NOT EXISTS "search_text" text;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_without_search_text";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_without_search_text" ON "jobs" USING btree ("created_at" DESC NULLS FIRST) WHERE search_text is null;