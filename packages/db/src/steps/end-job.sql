-- Promise: moves a job to its last state and answers the events that say so, not yet stored: the job's own, and
--   `batch.settled` if it was the batch's last. The caller holds the feed and the job's row, and has checked its fence.
-- `job_end`: state, failure, run, stopped, as `JobEnd` in end-attempt.ts has them.
CREATE FUNCTION steps.end_job(the_job uuid, the_batch uuid, job_end jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  last_state text := job_end->>'state';
  failed_by jsonb := nullif(job_end->'failure', 'null');
  its_run jsonb := nullif(job_end->'run', 'null');
  how text := job_end->>'stopped';
  job record;
  batch record;
  event jsonb;
  clock timestamptz := steps.clock();
BEGIN
  UPDATE jobs SET state = last_state, version = version + 1, stage = NULL, progress = NULL, lease_until = NULL,
    adopt_backend_id = NULL, failure = failed_by, finished_at = clock, changed_at = clock,
    ran_ms = ran_ms + coalesce((its_run->>'totalMs')::float8, 0),
    -- A prompt that was not seen to stop may still be running, so it saved nothing. Since the cancel was asked for, the run
    -- went on until it was stopped.
    saved_seconds = CASE WHEN last_state = 'canceled' AND how IN ('removed', 'interrupted', 'freed')
      THEN nullif(greatest(0, saved_seconds - extract(epoch FROM clock - changed_at)), 0) END
  WHERE id = the_job RETURNING version, attempt, started_at, saved_seconds INTO STRICT job;
  UPDATE attempts SET ended_at = clock, outcome = last_state, failure = failed_by, run = its_run
  WHERE job_id = the_job AND attempts.attempt = job.attempt AND ended_at IS NULL;

  event := jsonb_build_object('jobId', the_job, 'version', job.version, 'attempt', job.attempt, 'at', steps.iso(clock),
    'type', 'job.' || last_state);
  CASE last_state
    WHEN 'succeeded' THEN
      UPDATE dispatches SET closed_at = clock
      WHERE job_id = the_job AND coalesce(closed_at, orphaned_at) IS NULL;
      event := event || jsonb_build_object('durationSeconds',
        greatest(0, coalesce(extract(epoch FROM clock - job.started_at)::float8, 0)),
        'outputs', (SELECT coalesce(jsonb_agg(payload->'output' ORDER BY owner_seq), '[]') FROM job_events
          WHERE job_id = the_job AND job_events.attempt = job.attempt AND type = 'output.created'));
      IF its_run ? 'missingOutputs' THEN event := event || jsonb_build_object('missingOutputs', its_run->'missingOutputs'); END IF;
    WHEN 'canceled' THEN
      IF how IS NOT NULL THEN event := event || jsonb_build_object('stopped', how); END IF;
      IF job.saved_seconds IS NOT NULL THEN event := event || jsonb_build_object('savedSeconds', job.saved_seconds); END IF;
    WHEN 'failed' THEN
      IF failed_by IS NULL THEN RAISE EXCEPTION 'a failed job needs its failure'; END IF;
      event := event || jsonb_build_object('failure', failed_by);
  END CASE;
  IF the_batch IS NULL THEN RETURN jsonb_build_array(event); END IF;

  UPDATE batches SET open = open - 1, succeeded = succeeded + (last_state = 'succeeded')::int,
    failed = failed + (last_state = 'failed')::int, canceled = canceled + (last_state = 'canceled')::int,
    settled_at = CASE WHEN open = 1 THEN clock END
  WHERE id = the_batch RETURNING open, succeeded, failed, canceled INTO STRICT batch;
  IF batch.open > 0 THEN RETURN jsonb_build_array(event); END IF;
  RETURN jsonb_build_array(event, jsonb_build_object('type', 'batch.settled', 'batchId', the_batch, 'at', steps.iso(clock),
    'counts', jsonb_build_object('succeeded', batch.succeeded, 'failed', batch.failed, 'canceled', batch.canceled)));
END $$;
