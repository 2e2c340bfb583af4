-- Promise: records stored files as outputs of attempts that hold their jobs, each once and with its `output.created`. `shown` is
--   the output as its owner sees it.
-- Locks: the feeds of the jobs' owners; then, owner by owner in the order of their ids, the jobs and what counts the owner's files,
--   in which order whoever removes files of several takes those counts too. Without `waits` no feed or job is waited for (see submit.sql).
-- Answers, in the order asked: `type` is stored, with the event and its number; `known`, and nothing changed, if the attempt has an
--   output of that ordinal; `lost` if it holds the job no more; or `held`.
CREATE FUNCTION steps.create_output(asked jsonb, waits boolean) RETURNS SETOF jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  owners uuid[] := ARRAY(
    SELECT (SELECT owner_id FROM jobs WHERE id = (it->>'jobId')::uuid) FROM jsonb_array_elements(asked) AS it);
  feeds uuid[] := steps.hold_feeds(owners, waits);
  answers jsonb[];
  item jsonb;
  the_job uuid;
  job record;
  its_version int;
  i int;
  told jsonb[] := array_fill(NULL::jsonb, ARRAY[cardinality(owners)]);
  numbers bigint[];
  clock timestamptz := steps.clock();
BEGIN
  FOREACH i IN ARRAY ARRAY(SELECT nth FROM unnest(owners) WITH ORDINALITY AS o (owner, nth) ORDER BY owner, nth) LOOP
    IF NOT coalesce(owners[i] = ANY(feeds), false) THEN
      answers[i] := CASE WHEN owners[i] IS NULL THEN '{"type": "lost"}' ELSE '{"type": "held"}' END;
      CONTINUE;
    END IF;
    item := asked->(i - 1);
    the_job := item->>'jobId';
    IF waits THEN SELECT state, attempt, workflow_id INTO job FROM jobs WHERE id = the_job FOR UPDATE;
    ELSE
      -- A heartbeat may hold the job's row, and has no need of the feed.
      SELECT state, attempt, workflow_id INTO job FROM jobs WHERE id = the_job FOR UPDATE SKIP LOCKED;
      IF NOT FOUND THEN answers[i] := '{"type": "held"}'; CONTINUE; END IF;
    END IF;
    IF job.attempt IS DISTINCT FROM (item->>'attempt')::int OR job.state NOT IN ('running', 'canceling')
    THEN answers[i] := '{"type": "lost"}'; CONTINUE; END IF;

    INSERT INTO outputs (id, job_id, attempt, ordinal, owner_id, workflow_id, sha256, storage_key, kind, mime_type, width, height,
      duration_seconds, size_bytes, seed, created_at)
    SELECT new."outputId", the_job, job.attempt, (item->>'ordinal')::int, owners[i], job.workflow_id, new.sha256, new."storageKey",
      new.kind, new."mimeType", new.width, new.height, new."durationSeconds", new."sizeBytes", new.seed, clock
    FROM jsonb_to_record(item->'output') AS new ("outputId" uuid, sha256 text, "storageKey" text, kind text, "mimeType" text,
      width int, height int, "durationSeconds" real, "sizeBytes" bigint, seed bigint)
    ON CONFLICT (job_id, attempt, ordinal) DO NOTHING;
    IF NOT FOUND THEN answers[i] := '{"type": "known"}'; CONTINUE; END IF;
    UPDATE jobs SET version = version + 1, made_files = made_files + 1,
      made_bytes = made_bytes + (item->'output'->>'sizeBytes')::bigint
    WHERE id = the_job RETURNING version INTO STRICT its_version;
    told[i] := jsonb_build_array(jsonb_build_object('type', 'output.created', 'jobId', the_job, 'version', its_version,
      'attempt', job.attempt, 'at', steps.iso(clock), 'output', item->'shown'));
  END LOOP;

  numbers := steps.append_events(owners, told);
  FOR i IN 1..cardinality(owners) LOOP
    RETURN NEXT coalesce(answers[i], jsonb_build_object('type', 'stored', 'ownerId', owners[i], 'events', told[i],
      'firstSeq', numbers[i]));
  END LOOP;
END $$;
