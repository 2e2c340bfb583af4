-- Promise: takes the rows of jobs for this transaction, after the feeds of their owners. Without `waits` nothing is waited for:
--   a heartbeat may hold a job's row, and has no need of the feed.
-- Answer: those of the jobs that are held now, and whose owner's feed is. By their ids alone, so that no plan can look for them
--   among all that waits or all that their owners have.
CREATE FUNCTION steps.hold_jobs(ids uuid[], feeds uuid[], waits boolean) RETURNS uuid[] LANGUAGE plpgsql AS $$
BEGIN
  IF waits THEN RETURN ARRAY(SELECT id FROM jobs WHERE id = ANY(ids) AND (owner_id = ANY(feeds)) IS TRUE FOR UPDATE);
  ELSE RETURN ARRAY(SELECT id FROM jobs WHERE id = ANY(ids) AND (owner_id = ANY(feeds)) IS TRUE FOR UPDATE SKIP LOCKED);
  END IF;
END $$;
