-- oldest program: 0
-- outside a transaction: each statement can be repeated, should the process die in between
ALTER TABLE "jobs" ADD COLUMN IF NOT EXISTS "discarded_at" timestamp (3) with time zone;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_dead_letters";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_dead_letters" ON "jobs" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE state = 'failed' and discarded_at is null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_retried";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_retried" ON "jobs" USING btree ("retry_of") WHERE retry_of is not null;