-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
DROP INDEX CONCURRENTLY IF EXISTS "webhook_deliveries_log";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "job_events_custom";--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY "job_events_custom" ON "job_events" USING btree ("owner_id",(payload->>'eventId')) WHERE type LIKE 'x.%';--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "job_events_custom_age";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "job_events_custom_age" ON "job_events" USING btree ("owner_id","at") WHERE type LIKE 'x.%';--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "webhook_deliveries_seq";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "webhook_deliveries_seq" ON "webhook_deliveries" USING btree ("webhook_id","owner_seq");
