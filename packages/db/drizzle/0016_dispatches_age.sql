-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
DROP INDEX CONCURRENTLY IF EXISTS "dispatches_age";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "dispatches_age" ON "dispatches" ("dispatched_at");
