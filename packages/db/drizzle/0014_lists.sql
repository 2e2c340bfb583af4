-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
CREATE OR REPLACE FUNCTION search_grams(searched text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
-- Every three characters that follow each other in a text, and the last two and the last one, as the words of a tsvector.
-- A text of which a tsvector could not hold them all is the word `whole`, which every search asks for too.
DECLARE
	part text;
	grams text[] := '{}';
BEGIN
	IF octet_length(searched) > 300000 THEN
		RETURN array_to_tsvector(ARRAY['whole']);
	END IF;
	-- In parts, as Postgres counts characters from the beginning of a text.
	FOR start IN 1..length(searched) BY 240 LOOP
		part := substr(searched, start, 242);
		grams := grams || ARRAY(SELECT substr(part, at, 3) FROM generate_series(1, least(240, length(part))) AS at);
	END LOOP;
	RETURN array_to_tsvector(grams);
END
$$;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_of_owner";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_of_owner" ON "jobs" ("owner_id","state","created_at","id","removed_at");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_of_owner_workflow";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_of_owner_workflow" ON "jobs" ("owner_id","workflow_id","state","created_at","id","removed_at");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_of_state";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_of_state" ON "jobs" ("state","created_at","id","removed_at");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_of_workflow";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_of_workflow" ON "jobs" ("workflow_id","state","created_at","id","removed_at");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_failed";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_failed" ON "jobs" ("created_at","id") WHERE state = 'failed' and discarded_at is null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_succeeded";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_succeeded" ON "jobs" ("workflow_id","finished_at") WHERE state = 'succeeded';--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "outputs_of_owner";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "outputs_of_owner" ON "outputs" ("owner_id","kind","created_at","id","job_id","attempt");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "uploads_of_owner";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "uploads_of_owner" ON "uploads" ("owner_id","created_at","id");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "owners_removed";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "owners_removed" ON "owners" ("id") WHERE kind = 'removed';--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "owners_admin";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "owners_admin" ON "owners" ("id") WHERE role = 'admin';--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_search";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_search" ON "jobs" USING gin (search_grams(search_text)) WITH (gin_pending_list_limit=16384) WHERE finished_at is not null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_history";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_history_all";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_open";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_dead_letters";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "jobs_learned";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "outputs_history";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "uploads_history";
