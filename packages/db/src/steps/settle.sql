-- Promise: ends attempts that hold their jobs, each once: the job's last state, its events, its prompts and its batch, all or
--   nothing. `ends` says what becomes of a job by the state it is in; the caller has decided that.
-- Locks, in this order: the feeds of the jobs' owners, then the jobs. Without `waits` nothing is waited for (see submit.sql).
-- Answers, in the order of the settlements: `type` is ended, with the events and the first one's number; `lost` if the attempt
--   holds the job no more, or its state has no end; or `held`.
CREATE FUNCTION steps.settle(asked jsonb, waits boolean) RETURNS SETOF jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  owners uuid[] := ARRAY(
    SELECT (SELECT owner_id FROM jobs WHERE id = (it->>'jobId')::uuid) FROM jsonb_array_elements(asked) AS it);
  feeds uuid[] := steps.hold_feeds(owners, waits);
  answers jsonb[];
  the_job uuid;
  job record;
  job_end jsonb;
  told jsonb[] := array_fill(NULL::jsonb, ARRAY[cardinality(owners)]);
  numbers bigint[];
BEGIN
  FOR i IN 1..cardinality(owners) LOOP
    IF NOT coalesce(owners[i] = ANY(feeds), false) THEN
      answers[i] := CASE WHEN owners[i] IS NULL THEN '{"type": "lost"}' ELSE '{"type": "held"}' END;
      CONTINUE;
    END IF;
    the_job := asked->(i - 1)->>'jobId';
    -- By its id alone, so that no plan can look for it among all that runs.
    IF waits THEN SELECT state, attempt, batch_id INTO job FROM jobs WHERE id = the_job FOR UPDATE;
    ELSE
      -- A heartbeat may hold the job's row, and has no need of the feed.
      SELECT state, attempt, batch_id INTO job FROM jobs WHERE id = the_job FOR UPDATE SKIP LOCKED;
      IF NOT FOUND THEN answers[i] := '{"type": "held"}'; CONTINUE; END IF;
    END IF;
    job_end := nullif(asked->(i - 1)->'ends'->job.state, 'null');
    IF job.attempt <> (asked->(i - 1)->>'attempt')::int OR job.state NOT IN ('running', 'canceling') OR job_end IS NULL
    THEN answers[i] := '{"type": "lost"}'; CONTINUE; END IF;
    told[i] := steps.end_job(the_job, job.batch_id, job_end);
  END LOOP;

  numbers := steps.append_events(owners, told);
  FOR i IN 1..cardinality(owners) LOOP
    RETURN NEXT coalesce(answers[i], jsonb_build_object('type', 'ended', 'ownerId', owners[i], 'events', told[i],
      'firstSeq', numbers[i]));
  END LOOP;
END $$;
