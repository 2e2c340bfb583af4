-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
DROP INDEX CONCURRENTLY IF EXISTS "jobs_running";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_running" ON "jobs" ("backend_id") WHERE state in ('running', 'canceling');--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_leased";
