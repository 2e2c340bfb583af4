-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
ALTER TABLE "jobs" ADD COLUMN IF NOT EXISTS "favorite" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "outputs" ADD COLUMN IF NOT EXISTS "favorite" boolean DEFAULT false NOT NULL;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_favorite";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_favorite" ON "jobs" ("owner_id","state","created_at","id","removed_at","workflow_id") WHERE favorite;
