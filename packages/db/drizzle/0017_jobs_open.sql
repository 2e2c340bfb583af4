-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
DROP INDEX CONCURRENTLY IF EXISTS "jobs_open";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_open" ON "jobs" ("owner_id") WHERE state in ('queued', 'running', 'canceling');
