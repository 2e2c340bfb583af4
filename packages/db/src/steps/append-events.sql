-- Promise: gives an owner's events the next sequence numbers and stores them; answers the first of these numbers.
--   The caller holds the owner's feed, so the numbers have no gaps and commits happen in their order.
CREATE FUNCTION steps.append_events(the_owner uuid, events jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  added int := jsonb_array_length(events);
  last bigint;
BEGIN
  UPDATE owner_feeds SET seq = seq + added WHERE owner_id = the_owner RETURNING seq INTO STRICT last;
  INSERT INTO job_events (owner_id, owner_seq, job_id, version, attempt, type, payload, at)
  SELECT the_owner, last - added + item.place, (item.event->>'jobId')::uuid, (item.event->>'version')::int,
    (item.event->>'attempt')::int, item.event->>'type', item.event, (item.event->>'at')::timestamptz
  FROM jsonb_array_elements(events) WITH ORDINALITY AS item (event, place);
  RETURN last - added + 1;
END $$;
