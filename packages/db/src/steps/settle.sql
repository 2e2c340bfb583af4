-- Promise: ends attempts that hold their jobs, each once: the job's last state, its events, its prompts and its batch, all or
--   nothing. `endings` says what becomes of a job by the state it is in; the caller has decided that.
-- Locks, in this order: the feeds of the jobs' owners, then the jobs. Without `waits` nothing is waited for (see submit.sql).
-- Answers, in the order of the settlements: `type` is ended, with the events and the first one's number; `lost` if the attempt
--   holds the job no more, or its state has no ending; or `held`.
CREATE FUNCTION steps.settle(asked jsonb, waits boolean) RETURNS SETOF jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  ids uuid[] := ARRAY(SELECT (it->>'jobId')::uuid FROM jsonb_array_elements(asked) AS it);
  feeds uuid[] := steps.hold_feeds(ARRAY(SELECT owner_id FROM jobs WHERE id = ANY(ids)), waits);
  free uuid[] := steps.hold_jobs(ids, feeds, waits);
  answers jsonb[];
  job record;
  ending jsonb;
  owners uuid[] := '{}';
  told jsonb[] := '{}';
  numbers bigint[];
  ended int := 0;
BEGIN
  FOR i IN 1..cardinality(ids) LOOP
    IF NOT ids[i] = ANY(free) THEN
      answers[i] := CASE WHEN waits THEN '{"type": "lost"}' ELSE '{"type": "held"}' END;
      CONTINUE;
    END IF;
    -- By its id alone, so that no plan can look for it among all that runs.
    SELECT owner_id, state, attempt, batch_id INTO job FROM jobs WHERE id = ids[i];
    ending := nullif(asked->(i - 1)->'endings'->job.state, 'null');
    IF job.attempt <> (asked->(i - 1)->>'attempt')::int OR job.state NOT IN ('running', 'canceling') OR ending IS NULL THEN
      answers[i] := '{"type": "lost"}';
      CONTINUE;
    END IF;
    owners := array_append(owners, job.owner_id);
    told := array_append(told, steps.end_job(ids[i], job.batch_id, ending));
  END LOOP;

  numbers := steps.append_events(owners, told);
  FOR i IN 1..cardinality(ids) LOOP
    IF answers[i] IS NULL THEN
      ended := ended + 1;
      answers[i] := jsonb_build_object('type', 'ended', 'ownerId', owners[ended], 'events', told[ended], 'firstSeq', numbers[ended]);
    END IF;
    RETURN NEXT answers[i];
  END LOOP;
END $$;
