-- Promise: makes waiting jobs a worker's: compare-and-set, attempt + 1, each with its `job.started`.
-- Locks, in this order: the feeds of the jobs' owners, then the jobs. Without `waits` nothing is waited for (see submit.sql).
-- Answers, in the order of the claims: `type` is claimed, with the job, its event and that event's number; `lost` if it is not
--   waiting, not due, paused or kept for another backend that holds its prompt; or `held`.
-- A prompt that is adopted may run already, and its run is one whoever follows it: its times count from where it entered each
-- stage first. Its first stage after the preparations is entered when the run begins.
CREATE FUNCTION steps.claim(asked jsonb, waits boolean) RETURNS SETOF jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  owners uuid[] := ARRAY(
    SELECT (SELECT owner_id FROM jobs WHERE id = (it->>'jobId')::uuid) FROM jsonb_array_elements(asked) AS it);
  feeds uuid[] := steps.hold_feeds(owners, waits);
  answers jsonb[];
  item jsonb;
  the_job uuid;
  the_backend text;
  adopts boolean;
  prompt dispatches;
  began_at timestamptz;
  sampled_at timestamptz;
  saved_at timestamptz;
  job record;
  claimed record;
  event jsonb;
  told jsonb[] := array_fill(NULL::jsonb, ARRAY[cardinality(owners)]);
  numbers bigint[];
  clock timestamptz := steps.clock();
  is_paused boolean := EXISTS (SELECT 1 FROM settings WHERE key = 'paused' AND value = 'true'::jsonb);
BEGIN
  FOR i IN 1..cardinality(owners) LOOP
    IF NOT coalesce(owners[i] = ANY(feeds), false) THEN
      answers[i] := CASE WHEN owners[i] IS NULL THEN '{"type": "lost"}' ELSE '{"type": "held"}' END;
      CONTINUE;
    END IF;
    item := asked->(i - 1);
    the_job := item->>'jobId';
    the_backend := item->>'backendId';
    adopts := item->>'adopt';
    began_at := NULL;
    sampled_at := NULL;
    saved_at := NULL;
    SELECT * INTO prompt FROM dispatches WHERE job_id = the_job AND coalesce(closed_at, orphaned_at) IS NULL
    ORDER BY dispatched_at DESC LIMIT 1;
    IF prompt.backend_id = the_backend THEN
      SELECT min(e.at), min(e.at) FILTER (WHERE e.payload->>'stage' = 'sampling'),
        min(e.at) FILTER (WHERE e.payload->>'stage' = 'saving')
      INTO began_at, sampled_at, saved_at
      FROM job_events e WHERE e.job_id = the_job AND e.type = 'job.staged' AND e.attempt >= prompt.attempt;
    END IF;

    -- By its id alone, so that no plan can look for it among all that waits.
    SELECT id, owner_id, state, run_after, adopt_backend_id, changed_at, request_id, inputs, seed, model_key, failures, infra_failures,
      workflow_version_id INTO job
    FROM jobs WHERE id = the_job FOR UPDATE;
    IF job.state <> 'queued' OR job.run_after > now() OR job.adopt_backend_id <> the_backend OR NOT adopts AND is_paused
    THEN answers[i] := '{"type": "lost"}'; CONTINUE; END IF;
    UPDATE jobs SET state = 'running', attempt = attempt + 1, version = version + 1, stage = 'preparing',
      worker_id = item->>'workerId', backend_id = the_backend, adopt_backend_id = NULL, progress = NULL,
      made_files = 0, made_bytes = 0,
      lease_until = clock + make_interval(secs => (item->>'leaseSeconds')::float8),
      started_at = coalesce(began_at, clock), sampling_at = sampled_at, saving_at = saved_at, changed_at = clock
    WHERE id = the_job RETURNING attempt, version, started_at INTO claimed;
    INSERT INTO attempts (job_id, attempt, worker_id, backend_id, started_at, comfy_version)
    VALUES (the_job, claimed.attempt, item->>'workerId', the_backend, clock,
      (SELECT b.version FROM backends b WHERE b.id = the_backend));

    event := jsonb_build_object('type', 'job.started', 'jobId', the_job, 'version', claimed.version, 'attempt', claimed.attempt,
      'at', steps.iso(clock), 'backend', the_backend);
    IF claimed.started_at <> clock THEN
      event := event || jsonb_build_object('runStartedAt', steps.iso(claimed.started_at));
    END IF;
    told[i] := jsonb_build_array(event);
    answers[i] := jsonb_build_object('type', 'claimed', 'ownerId', job.owner_id, 'events', told[i],
      'job', jsonb_build_object('jobId', job.id, 'ownerId', job.owner_id, 'requestId', job.request_id, 'attempt', claimed.attempt,
        'queuedAt', steps.iso(job.changed_at), 'version', claimed.version, 'inputs', job.inputs, 'seed', job.seed, 'modelKey', job.model_key,
        'failures', job.failures, 'infraFailures', job.infra_failures),
      'definition', (
        SELECT jsonb_build_object('slug', w.slug, 'name', v.name, 'description', v.description, 'graph', v.graph,
          'parameters', v.parameters, 'bindings', v.bindings, 'outputs', v.outputs)
          || CASE WHEN v.timeout_seconds IS NULL THEN '{}' ELSE jsonb_build_object('timeoutSeconds', v.timeout_seconds) END
        FROM workflow_versions v JOIN workflows w ON w.id = v.workflow_id WHERE v.id = job.workflow_version_id),
      'openDispatch', CASE WHEN prompt.prompt_id IS NOT NULL THEN
        jsonb_build_object('promptId', prompt.prompt_id, 'clientId', prompt.client_id, 'backendId', prompt.backend_id,
          'attempt', prompt.attempt, 'behind', prompt.behind,
          'runningSeconds', extract(epoch FROM now() - began_at)::float8) END);
  END LOOP;

  numbers := steps.append_events(owners, told);
  FOR i IN 1..cardinality(owners) LOOP
    RETURN NEXT CASE WHEN told[i] IS NULL THEN answers[i] ELSE answers[i] || jsonb_build_object('firstSeq', numbers[i]) END;
  END LOOP;
END $$;
