-- Promise: stores submits, each one job or a batch, with their events and the rows that count them; or answers why not, and
--   has stored nothing of that one. Limits are exact, because they are looked at under the locks.
-- Locks, in this order: the owners' feeds; the addresses that count; the depth of the queue, shared unless it is to be counted.
--   With `waits` there is one submit, which waits for them. Without it nothing is waited for: whose locks somebody else holds
--   is answered as `held`, so that one owner's submit never delays another's in the same transaction, and no two transactions
--   can wait for each other.
-- Answers, in the order of the submits: `type` is
--   stored    and `firstSeq`, `events`, `usages`
--   known     and `jobs`, `usages`: an idempotency key is known
--   refused   a limit is reached
--   full      the whole queue is full
--   removed   the owner was removed
--   no-owner  the owner has no row yet
--   no-batch  the batch that the jobs would join is somebody else's
--   held      only without `waits`: to be written by itself
-- `depth` stands in an answer if the queue was counted: what waited, and how many jobs had been added in all by then.
CREATE FUNCTION steps.submit(asked jsonb, waits boolean) RETURNS SETOF jsonb LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  held constant jsonb := '{"type": "held"}';
  many constant int := jsonb_array_length(asked);
  owners uuid[] := ARRAY(SELECT (it->>'ownerId')::uuid FROM jsonb_array_elements(asked) AS it);
  feeds uuid[] := steps.hold_feeds(owners, waits);
  addresses text[] := array_fill(NULL::text, ARRAY[many]);
  -- What has been used by each owner and at each address, with what is stored here: it stands where they stand first.
  own steps.used[];
  local steps.used[];
  own_at int;
  local_at int;
  -- What speaks against each submit, and what had been used before it.
  answers jsonb[];
  usages jsonb[];
  item jsonb;
  limits jsonb;
  adding int;
  address record;
  keys text[];
  seen text[] := '{}';
  known jsonb;
  jobs_added int := 0;
  limited int := 0;
  most int;
  room jsonb;
  joined int;
  told jsonb[];
  numbers bigint[];
  clock timestamptz := steps.clock();
  moment text := steps.iso(clock);
BEGIN
  FOR i IN 1..many LOOP
    item := asked->(i - 1);
    limits := nullif(item->'limits', 'null');
    adding := jsonb_array_length(item->'jobs');
    IF NOT owners[i] = ANY(feeds) THEN
      answers[i] := CASE WHEN waits THEN '{"type": "no-owner"}' ELSE held END;
      CONTINUE;
    END IF;

    address := steps.counted_address(owners[i], item->>'addressKey');
    IF address.is_removed THEN answers[i] := '{"type": "removed"}'; CONTINUE; END IF;
    own_at := array_position(owners, owners[i]);
    -- After the feeds, always: two owners at one address must not wait for each other.
    IF address.counted IS NOT NULL THEN
      IF waits THEN PERFORM pg_advisory_xact_lock(hashtextextended(address.counted, 0));
      ELSIF NOT pg_try_advisory_xact_lock(hashtextextended(address.counted, 0)) THEN answers[i] := held; CONTINUE;
      END IF;
      addresses[i] := address.counted;
      local_at := array_position(addresses, address.counted);
      IF local[local_at] IS NULL THEN local[local_at] := steps.usage_at(address.counted); END IF;
    END IF;
    IF own[own_at] IS NULL THEN own[own_at] := steps.usage_of(owners[i]); END IF;
    usages[i] := CASE WHEN limits IS NULL THEN '[]' WHEN addresses[i] IS NULL THEN jsonb_build_array(own[own_at])
      ELSE jsonb_build_array(own[own_at], local[local_at]) END;

    keys := ARRAY(SELECT job->>'key' FROM jsonb_array_elements(item->'jobs') AS job);
    -- What its companion stores is known once that is committed.
    IF own_at < i AND keys && seen THEN answers[i] := held; CONTINUE; END IF;
    known := steps.known_jobs(owners[i], keys);
    IF known IS NOT NULL THEN
      answers[i] := jsonb_build_object('type', 'known', 'jobs', known, 'usages', usages[i]);
      CONTINUE;
    END IF;
    IF limits IS NOT NULL AND (NOT steps.is_within(steps.more(own[own_at], 1, adding), limits)
      OR addresses[i] IS NOT NULL AND NOT steps.is_within(steps.more(local[local_at], 1, adding), limits)
      OR limits->>'storedBytesPerOwner' IS NOT NULL
        AND steps.stored_bytes(owners[i]) >= (limits->>'storedBytesPerOwner')::bigint)
    THEN answers[i] := '{"type": "refused"}'; CONTINUE; END IF;

    own[own_at] := steps.more(own[own_at], (limits IS NOT NULL)::int, adding);
    IF addresses[i] IS NOT NULL THEN local[local_at] := steps.more(local[local_at], (limits IS NOT NULL)::int, adding); END IF;
    seen := seen || keys;
    jobs_added := jobs_added + adding;
    IF limits IS NOT NULL THEN
      limited := limited + adding;
      most := least(most, (limits->>'maxWaiting')::int);
    END IF;
  END LOOP;

  IF jobs_added = 0 THEN RETURN QUERY SELECT unnest(answers); RETURN; END IF;

  room := steps.has_room(jobs_added, limited, most, (asked->-1)->'depth', waits);
  IF room->>'type' <> 'room' THEN
    -- Some of them may fit.
    RETURN QUERY SELECT CASE WHEN waits THEN room ELSE held END FROM generate_series(1, many);
    RETURN;
  END IF;

  IF jsonb_path_exists(asked, '$[*].batchId ? (@ != null)') THEN
    INSERT INTO batches AS batch (id, owner_id, open)
    SELECT (it->>'batchId')::uuid, owners[place], sum(jsonb_array_length(it->'jobs'))
    FROM jsonb_array_elements(asked) WITH ORDINALITY AS a (it, place)
    WHERE answers[place] IS NULL AND it->>'batchId' IS NOT NULL GROUP BY 1, 2
    ON CONFLICT (id) DO UPDATE SET open = batch.open + EXCLUDED.open, settled_at = NULL WHERE batch.owner_id = EXCLUDED.owner_id;
    GET DIAGNOSTICS joined = ROW_COUNT;
    IF joined < (SELECT count(DISTINCT it->>'batchId') FROM jsonb_array_elements(asked) WITH ORDINALITY AS a (it, place)
      WHERE answers[place] IS NULL)
    THEN
      IF waits THEN RETURN NEXT '{"type": "no-batch"}'; RETURN; END IF;
      RAISE EXCEPTION 'a batch is somebody else''s';
    END IF;
  END IF;
  INSERT INTO submits (owner_id, address_key, at)
  SELECT owners[place], addresses[place], clock FROM jsonb_array_elements(asked) WITH ORDINALITY AS a (it, place)
  WHERE answers[place] IS NULL AND it->'limits' <> 'null';
  INSERT INTO jobs (id, owner_id, batch_id, retry_of, workflow_id, workflow_version_id, idempotency_key, inputs_hash,
    inputs, search_text, seed, priority, metadata, request_id, address_key, api_key_id, version, capability, capability_key, model_key,
    run_after, created_at, queued_at, changed_at)
  SELECT new."jobId", owners[place], (it->>'batchId')::uuid, new."retryOf", new."workflowId", new."workflowVersionId", new.key,
    new."inputsHash", new.inputs, new."searchText", new.seed, new.priority, new.metadata, it->>'requestId',
    addresses[place], (it->>'apiKeyId')::uuid, 1, new.capability, new."capabilityKey", new."modelKey",
    clock, clock, clock, clock
  FROM jsonb_array_elements(asked) WITH ORDINALITY AS a (it, place)
  CROSS JOIN LATERAL jsonb_to_recordset(it->'jobs') AS new ("jobId" uuid, "retryOf" uuid, "workflowId" uuid,
    "workflowVersionId" uuid, key text, "inputsHash" text, inputs jsonb, "searchText" text, seed bigint, priority text,
    metadata jsonb, capability jsonb, "capabilityKey" text, "modelKey" text)
  WHERE answers[place] IS NULL;

  told := ARRAY(
    SELECT CASE WHEN answers[place] IS NULL THEN (
      SELECT jsonb_agg(jsonb_build_object('type', 'job.queued', 'jobId', job->'jobId', 'version', 1, 'attempt', 0, 'at', moment,
        'workflow', (SELECT slug FROM workflows WHERE id = (job->>'workflowId')::uuid), 'batchId', it->'batchId') ORDER BY nth)
      FROM jsonb_array_elements(it->'jobs') WITH ORDINALITY AS j (job, nth)) END
    FROM jsonb_array_elements(asked) WITH ORDINALITY AS a (it, place) ORDER BY place);
  numbers := steps.append_events(owners, told);
  FOR i IN 1..many LOOP
    RETURN NEXT coalesce(answers[i], jsonb_build_object('type', 'stored', 'firstSeq', numbers[i], 'events', told[i],
      'usages', usages[i], 'depth', room->'depth'));
  END LOOP;
END $$;
