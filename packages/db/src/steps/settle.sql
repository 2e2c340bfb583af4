-- Promise: ends an attempt that holds its job, once: the job's last state, its events, its prompts and its batch, all or
--   nothing. `endings` says what becomes of the job by the state it is in; the caller has decided that.
-- Locks, in this order: the feed of the job's owner, then the job. Without `waits` nothing is waited for (see submit.sql).
-- Answer: `type` is ended, with the events and the first one's number; `lost` if the attempt holds the job no more, or its
--   state has no ending; or `held`.
CREATE FUNCTION steps.settle(asked jsonb, waits boolean) RETURNS jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  the_job uuid := asked->>'jobId';
  the_attempt int := (asked->>'attempt')::int;
  the_owner uuid;
  held record;
  ending jsonb;
  events jsonb;
BEGIN
  SELECT owner_id INTO the_owner FROM jobs WHERE id = the_job;
  IF NOT FOUND THEN RETURN '{"type": "lost"}'; END IF;
  IF NOT steps.hold_feed(the_owner, waits) THEN RETURN '{"type": "held"}'; END IF;
  IF NOT waits THEN
    -- A heartbeat may hold the job's row, and has no need of the feed.
    PERFORM 1 FROM jobs WHERE id = the_job FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN '{"type": "held"}'; END IF;
  END IF;

  -- By its id alone, so that no plan can look for it among all that runs.
  SELECT state, attempt, batch_id INTO held FROM jobs WHERE id = the_job FOR UPDATE;
  IF held.attempt <> the_attempt OR held.state NOT IN ('running', 'canceling') THEN RETURN '{"type": "lost"}'; END IF;
  ending := nullif(asked->'endings'->held.state, 'null');
  IF ending IS NULL THEN RETURN '{"type": "lost"}'; END IF;
  events := steps.end_job(the_job, held.batch_id, ending);
  RETURN jsonb_build_object('type', 'ended', 'ownerId', the_owner, 'events', events,
    'firstSeq', steps.append_events(the_owner, events));
END $$;
