-- Promise: moves running jobs to later stages, each with its `job.staged`. `earlier` are the stages before the one asked for.
-- Locks, in this order: the feeds of the jobs' owners, then the jobs. Without `waits` nothing is waited for (see submit.sql).
-- Answers, in the order asked: `type` is staged, with the event and its number; `same`, and nothing changed, if the job is there or
--   further already or is being canceled; `lost` if the attempt holds the job no more; or `held`.
-- Loading is entered when the prompt begins to run: until then it may have waited behind another, so the run is counted from there.
-- A run that began under an earlier attempt keeps its times.
CREATE FUNCTION steps.stage(asked jsonb, waits boolean) RETURNS SETOF jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  owners uuid[] := ARRAY(
    SELECT (SELECT owner_id FROM jobs WHERE id = (it->>'jobId')::uuid) FROM jsonb_array_elements(asked) AS it);
  feeds uuid[] := steps.hold_feeds(owners, waits);
  answers jsonb[];
  item jsonb;
  the_job uuid;
  the_stage text;
  job record;
  changed record;
  event jsonb;
  told jsonb[] := array_fill(NULL::jsonb, ARRAY[cardinality(owners)]);
  numbers bigint[];
  clock timestamptz := steps.clock();
BEGIN
  FOR i IN 1..cardinality(owners) LOOP
    IF NOT coalesce(owners[i] = ANY(feeds), false) THEN
      answers[i] := CASE WHEN owners[i] IS NULL THEN '{"type": "lost"}' ELSE '{"type": "held"}' END;
      CONTINUE;
    END IF;
    item := asked->(i - 1);
    the_job := item->>'jobId';
    the_stage := item->>'stage';
    IF waits THEN SELECT state, attempt, stage INTO job FROM jobs WHERE id = the_job FOR UPDATE;
    ELSE
      -- A heartbeat may hold the job's row, and has no need of the feed.
      SELECT state, attempt, stage INTO job FROM jobs WHERE id = the_job FOR UPDATE SKIP LOCKED;
      IF NOT FOUND THEN answers[i] := '{"type": "held"}'; CONTINUE; END IF;
    END IF;
    IF job.attempt IS DISTINCT FROM (item->>'attempt')::int OR job.state NOT IN ('running', 'canceling')
    THEN answers[i] := '{"type": "lost"}'; CONTINUE; END IF;
    IF job.state <> 'running' OR NOT coalesce(item->'earlier' ? job.stage, true)
    THEN answers[i] := '{"type": "same"}'; CONTINUE; END IF;

    UPDATE jobs SET stage = the_stage, version = version + 1,
      started_at = CASE WHEN job.stage = 'preparing' AND the_stage = 'loading' AND started_at >= (
        SELECT t.started_at FROM attempts t WHERE t.job_id = the_job AND t.attempt = job.attempt)
        THEN clock ELSE started_at END,
      sampling_at = CASE WHEN the_stage = 'sampling' THEN coalesce(sampling_at, clock) ELSE sampling_at END,
      saving_at = CASE WHEN the_stage = 'saving' THEN coalesce(saving_at, clock) ELSE saving_at END
    WHERE id = the_job RETURNING version, started_at INTO STRICT changed;
    event := jsonb_build_object('type', 'job.staged', 'jobId', the_job, 'version', changed.version, 'attempt', job.attempt,
      'at', steps.iso(clock), 'stage', the_stage);
    IF the_stage = 'loading' AND changed.started_at <> clock THEN
      event := event || jsonb_build_object('runStartedAt', steps.iso(changed.started_at));
    END IF;
    told[i] := jsonb_build_array(event);
  END LOOP;

  numbers := steps.append_events(owners, told);
  FOR i IN 1..cardinality(owners) LOOP
    RETURN NEXT coalesce(answers[i], jsonb_build_object('type', 'staged', 'ownerId', owners[i], 'events', told[i],
      'firstSeq', numbers[i]));
  END LOOP;
END $$;
