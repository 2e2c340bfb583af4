-- Promise: stores a submit, one job or a batch, with its events and the row that counts it; or answers why not, and then has
--   stored nothing. Limits are exact, because they are looked at under the locks.
-- Locks, in this order: the owner's feed; the address, if it counts; the depth of the queue, near its bound only.
--   Without `waits` nothing is waited for: what somebody else holds is answered as `held`, so that one owner's submit never
--   delays that of another one in the same transaction, and no two transactions can wait for each other.
-- Answer: `type` is
--   stored    and `at`, `firstSeq`, `events`, `usages`
--   known     and `jobs`: an idempotency key is known
--   refused   and `usages`: a limit is reached
--   full      the whole queue is full
--   removed   the owner was removed
--   no-owner  the owner has no row yet
--   no-batch  the batch that the jobs would join is somebody else's
--   held      only without `waits`
-- `depth` stands in an answer if the queue was counted: what waited, and how many jobs had been added in all by then.
CREATE FUNCTION steps.submit(asked jsonb, waits boolean) RETURNS jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  the_owner uuid := asked->>'ownerId';
  the_batch uuid := asked->>'batchId';
  the_jobs jsonb := asked->'jobs';
  adding int := jsonb_array_length(the_jobs);
  limits jsonb := nullif(asked->'limits', 'null');
  address record;
  known jsonb;
  usages jsonb := '[]';
  depth jsonb;
  events jsonb;
  clock timestamptz := steps.clock();
  moment text := steps.iso(clock);
BEGIN
  IF NOT steps.hold_feed(the_owner, waits) THEN
    RETURN jsonb_build_object('type', CASE WHEN waits THEN 'no-owner' ELSE 'held' END);
  END IF;

  address := steps.counted_address(the_owner, asked->>'addressKey');
  IF address.is_removed THEN RETURN '{"type": "removed"}'; END IF;
  -- After the feed row, always: two owners at one address must not wait for each other.
  IF address.counted IS NOT NULL THEN
    IF waits THEN PERFORM pg_advisory_xact_lock(hashtextextended(address.counted, 0));
    ELSIF NOT pg_try_advisory_xact_lock(hashtextextended(address.counted, 0)) THEN RETURN '{"type": "held"}';
    END IF;
  END IF;

  IF limits IS NOT NULL THEN
    usages := usages || steps.usage(the_owner, NULL);
    IF address.counted IS NOT NULL THEN usages := usages || steps.usage(the_owner, address.counted); END IF;
  END IF;

  known := steps.known_jobs(the_owner, ARRAY(SELECT job->>'key' FROM jsonb_array_elements(the_jobs) AS job));
  IF known IS NOT NULL THEN RETURN jsonb_build_object('type', 'known', 'jobs', known, 'usages', usages); END IF;

  PERFORM nextval('jobs_added') FROM generate_series(1, adding);
  IF limits IS NOT NULL THEN
    IF EXISTS (
      SELECT 1 FROM jsonb_to_recordset(usages) AS used (submits int, generations int, waiting int)
      WHERE submits + 1 > (limits->>'submitsPerMinute')::int
        OR generations + adding > (limits->>'generationsPerHour')::int
        OR waiting + adding > (limits->>'maxWaitingPerOwner')::int)
      OR limits->>'storedBytesPerOwner' IS NOT NULL
        AND steps.stored_bytes(the_owner) >= (limits->>'storedBytesPerOwner')::bigint
    THEN RETURN jsonb_build_object('type', 'refused', 'usages', usages); END IF;
    depth := steps.has_room(adding, (limits->>'maxWaiting')::int, asked->'depth', waits);
    IF depth->>'type' <> 'room' THEN RETURN depth; END IF;
  END IF;

  IF the_batch IS NOT NULL THEN
    INSERT INTO batches AS batch (id, owner_id, open) VALUES (the_batch, the_owner, adding)
    ON CONFLICT (id) DO UPDATE SET open = batch.open + adding, settled_at = NULL WHERE batch.owner_id = the_owner;
    IF NOT FOUND THEN RETURN '{"type": "no-batch"}'; END IF;
  END IF;
  IF limits IS NOT NULL THEN
    INSERT INTO submits (owner_id, address_key, at) VALUES (the_owner, address.counted, clock);
  END IF;
  INSERT INTO jobs (id, owner_id, batch_id, retry_of, workflow_id, workflow_version_id, idempotency_key, inputs_hash,
    inputs, search_text, seed, priority, metadata, request_id, address_key, api_key_id, version, capability, capability_key, model_key,
    run_after, created_at, queued_at, changed_at)
  SELECT new."jobId", the_owner, the_batch, new."retryOf", new."workflowId", new."workflowVersionId", new.key,
    new."inputsHash", new.inputs, new."searchText", new.seed, new.priority, nullif(new.metadata, 'null'), asked->>'requestId',
    address.counted, (asked->>'apiKeyId')::uuid, 1, new.capability, new."capabilityKey", new."modelKey",
    clock, clock, clock, clock
  FROM jsonb_to_recordset(the_jobs) AS new ("jobId" uuid, "retryOf" uuid, "workflowId" uuid, "workflowVersionId" uuid,
    key text, "inputsHash" text, inputs jsonb, "searchText" text, seed bigint, priority text, metadata jsonb,
    capability jsonb, "capabilityKey" text, "modelKey" text);

  SELECT jsonb_agg(jsonb_build_object('type', 'job.queued', 'jobId', job->'jobId', 'version', 1, 'attempt', 0, 'at', moment,
    'workflow', (SELECT slug FROM workflows WHERE id = (job->>'workflowId')::uuid), 'batchId', the_batch)) INTO STRICT events
  FROM jsonb_array_elements(the_jobs) AS job;
  RETURN jsonb_build_object('type', 'stored', 'firstSeq', steps.append_events(the_owner, events), 'events', events,
    'usages', usages, 'depth', depth->'depth');
END $$;
