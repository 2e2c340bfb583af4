-- Promise: the jobs that an owner's idempotency keys gave before; null if all are new.
CREATE FUNCTION steps.known_jobs(the_owner uuid, keys text[]) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  RETURN (
    SELECT jsonb_agg(jsonb_build_object('jobId', id, 'batchId', batch_id, 'state', state, 'version', version,
      'key', idempotency_key, 'inputsHash', inputs_hash, 'priority', priority, 'metadata', metadata,
      'isRemoved', removed_at IS NOT NULL))
    FROM jobs WHERE owner_id = the_owner AND idempotency_key = ANY(keys));
END $$;
