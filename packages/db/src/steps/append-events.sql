-- Promise: gives events the next sequence numbers of their owners and stores them; answers the first number of each group.
--   `told` are groups of events, as JSON arrays, each of the owner at its place; null: there are none. The caller holds the
--   owners' feeds, so the numbers have no gaps and commits happen in their order.
CREATE FUNCTION steps.append_events(owners uuid[], told jsonb[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  numbers bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(told)]);
  added int;
  last bigint;
BEGIN
  -- By its key alone, each: joined, a plan that was made while there were few could read them all.
  FOR i IN 1..cardinality(told) LOOP
    CONTINUE WHEN told[i] IS NULL;
    added := jsonb_array_length(told[i]);
    UPDATE owner_feeds SET seq = seq + added WHERE owner_id = owners[i] RETURNING seq INTO STRICT last;
    numbers[i] := last - added + 1;
  END LOOP;
  INSERT INTO job_events (owner_id, owner_seq, job_id, version, attempt, type, payload, at)
  SELECT owner, first + nth - 1, (event->>'jobId')::uuid, (event->>'version')::int,
    (event->>'attempt')::int, event->>'type', event, (event->>'at')::timestamptz
  FROM unnest(owners, told, numbers) AS t (owner, events, first)
  CROSS JOIN LATERAL jsonb_array_elements(events) WITH ORDINALITY AS e (event, nth);
  RETURN numbers;
END $$;
