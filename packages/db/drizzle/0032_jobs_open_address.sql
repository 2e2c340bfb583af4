-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
DROP INDEX CONCURRENTLY IF EXISTS "jobs_open_address";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_open_address" ON "jobs" ("address_key") WHERE state in ('queued', 'running', 'canceling') and address_key is not null;
