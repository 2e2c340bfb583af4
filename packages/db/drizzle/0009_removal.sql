-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
DROP INDEX CONCURRENTLY IF EXISTS "uploads_history";--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN IF NOT EXISTS "removed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "maintenance" ADD COLUMN IF NOT EXISTS "files_swept_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "owners" ADD COLUMN IF NOT EXISTS "removed_at" timestamp (3) with time zone;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_removed";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_removed" ON "jobs" USING btree ("removed_at") WHERE removed_at is not null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "outputs_storage_key";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "outputs_storage_key" ON "outputs" USING btree ("storage_key");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "uploads_storage_key";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "uploads_storage_key" ON "uploads" USING btree ("storage_key");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "uploads_history";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "uploads_history" ON "uploads" USING btree ("owner_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);