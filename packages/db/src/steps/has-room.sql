-- Promise: whether `adding` more jobs may wait, of which `most` may. Exact: whoever counts what waits holds a lock to the end of the
--   transaction, so near the bound submits go one after the other; far from it none of them waits for another owner's.
--   To count what waits takes the longer the more waits, so far from the bound it is counted seldom: `known` is an earlier count, and what waits
--   now is at most that and all that was added since, which a sequence counts: whoever adds, these jobs too, and whether it commits or not.
-- Answer: `type` is room, full or held; with `depth` if it counted, to be given as `known` next time.
CREATE FUNCTION steps.has_room(adding int, most int, known jsonb, waits boolean) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  -- More jobs than all submits under way at one moment add: a count does not see them yet.
  margin constant int := 1000;
  added bigint := (SELECT last_value FROM jobs_added);
  counted bigint;
BEGIN
  IF (known->>'waiting')::bigint + added - (known->>'added')::bigint + margin <= most THEN
    RETURN '{"type": "room"}';
  END IF;

  IF waits THEN PERFORM pg_advisory_xact_lock(hashtextextended('queue depth', 0));
  ELSIF NOT pg_try_advisory_xact_lock(hashtextextended('queue depth', 0)) THEN RETURN '{"type": "held"}';
  END IF;
  SELECT count(*) INTO counted FROM (SELECT 1 FROM jobs WHERE state = 'queued' LIMIT most + 1) AS waiting;
  IF counted + adding > most THEN RETURN '{"type": "full"}'; END IF;
  RETURN jsonb_build_object('type', 'room', 'depth', jsonb_build_object('waiting', counted + adding, 'added', added));
END $$;
