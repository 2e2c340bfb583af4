-- oldest program: 9
-- outside a transaction: each statement can be repeated, should the process die in between
ALTER TABLE "outputs" ADD COLUMN IF NOT EXISTS "workflow_id" uuid;--> statement-breakpoint
CREATE OR REPLACE FUNCTION note_output_workflow() RETURNS trigger LANGUAGE plpgsql AS $$
-- For programs that do not know the column and store outputs while this migration runs, or after it.
BEGIN
	SELECT workflow_id INTO NEW.workflow_id FROM jobs WHERE id = NEW.job_id;
	RETURN NEW;
END
$$;--> statement-breakpoint
CREATE OR REPLACE TRIGGER "outputs_workflow" BEFORE INSERT ON "outputs" FOR EACH ROW WHEN (NEW.workflow_id IS NULL) EXECUTE FUNCTION note_output_workflow();--> statement-breakpoint
DO $$
-- A thousand at a time, each in a transaction of its own, so that nobody waits for long for one of them.
DECLARE
	last uuid := '00000000-0000-0000-0000-000000000000';
	ids uuid[];
BEGIN
	LOOP
		ids := ARRAY(SELECT id FROM outputs WHERE id > last ORDER BY id LIMIT 1000 FOR NO KEY UPDATE);
		EXIT WHEN cardinality(ids) = 0;
		UPDATE outputs SET workflow_id = jobs.workflow_id FROM jobs
		WHERE outputs.id = ANY(ids) AND outputs.workflow_id IS NULL AND jobs.id = outputs.job_id;
		last := ids[cardinality(ids)];
		COMMIT;
	END LOOP;
END
$$;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "outputs_of_workflow";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "outputs_of_workflow" ON "outputs" ("owner_id","workflow_id","kind","created_at","id","job_id","attempt");
