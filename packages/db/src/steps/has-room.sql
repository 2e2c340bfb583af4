-- Promise: numbers `adding` more jobs, and whether there is room for `limited` of them where `most` may wait (NULL: any number). Exact.
--   To count what waits takes the longer the more waits, so it is counted seldom: `known` is an earlier count, and what waits now
--   is at most that and all that was numbered since, whether it was committed or not. Once that is more than `most` it is counted anew.
-- Lock: the depth of the queue, from before a job has its number until the transaction ends: shared by all who add, alone by who
--   counts, so that no count misses a job that has a number.
-- Answer: `type` is room, full or held; with `depth` if it counted, to be given as `known` next time.
CREATE FUNCTION steps.has_room(adding int, limited int, most int, known jsonb, waits boolean) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  depth constant bigint := hashtextextended('queue depth', 0);
  held constant jsonb := '{"type": "held"}';
  -- The last number that surely has room.
  last constant bigint := (known->>'added')::bigint + most - (known->>'waiting')::bigint;
  number bigint;
  counted bigint;
BEGIN
  IF most IS NULL OR (SELECT last_value FROM jobs_added) + adding <= last THEN
    IF waits THEN PERFORM pg_advisory_xact_lock_shared(depth);
    ELSIF NOT pg_try_advisory_xact_lock_shared(depth) THEN RETURN held;
    END IF;
    number := (SELECT max(nextval('jobs_added')) FROM generate_series(1, adding));
    IF most IS NULL OR number <= last THEN RETURN '{"type": "room"}'; END IF;
    -- Others took the room at this moment. Of two who share a lock neither can have it alone, so the transaction starts again.
    IF waits THEN RAISE EXCEPTION 'the queue is to be counted' USING ERRCODE = 'serialization_failure'; END IF;
    RETURN held;
  END IF;

  IF waits THEN PERFORM pg_advisory_xact_lock(depth);
  ELSIF NOT pg_try_advisory_xact_lock(depth) THEN RETURN held;
  END IF;
  number := (SELECT max(nextval('jobs_added')) FROM generate_series(1, adding));
  counted := (SELECT count(*) FROM (SELECT 1 FROM jobs WHERE state = 'queued' LIMIT most + 1) AS waiting);
  IF counted + limited > most THEN RETURN '{"type": "full"}'; END IF;
  -- What runs may wait again.
  counted := counted + adding + (SELECT count(*) FROM jobs WHERE state IN ('running', 'canceling'));
  RETURN jsonb_build_object('type', 'room', 'depth', jsonb_build_object('waiting', counted, 'added', number));
END $$;
