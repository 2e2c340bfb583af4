-- Promise: what has been used of each limit: by an owner, or with an address by all who count by it.
--   Failed and canceled jobs are given back. Named are the others, because an index is asked for what is, not for what is not.
--   What waits is counted among their open jobs: for those that are `queued` Postgres, if it plans while few are, looks through
--   everybody's, and each submit takes the longer the more wait.
--   Exact only while the owner's feed row (and the address' advisory lock) is held: without it others could add meanwhile.
CREATE FUNCTION steps.usage(the_owner uuid, the_address text) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  IF the_address IS NULL THEN
    RETURN (
      SELECT jsonb_build_object(
        'submits', (SELECT count(*) FROM submits WHERE owner_id = the_owner AND at > now() - interval '1 minute'),
        'generations', open.recent + (SELECT count(*) FROM jobs WHERE owner_id = the_owner AND state = 'succeeded'
          AND created_at > now() - interval '1 hour'),
        'waiting', open.waiting)
      FROM (
        SELECT count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS recent,
          count(*) FILTER (WHERE state = 'queued') AS waiting
        FROM jobs WHERE owner_id = the_owner AND state IN ('queued', 'running', 'canceling')) AS open);
  END IF;
  RETURN (
    SELECT jsonb_build_object(
      'submits', (SELECT count(*) FROM submits WHERE address_key = the_address AND at > now() - interval '1 minute'),
      'generations', open.recent + (SELECT count(*) FROM jobs WHERE address_key = the_address AND state = 'succeeded'
        AND created_at > now() - interval '1 hour'),
      'waiting', open.waiting)
    FROM (
      SELECT count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS recent,
        count(*) FILTER (WHERE state = 'queued') AS waiting
      FROM jobs WHERE address_key = the_address AND state IN ('queued', 'running', 'canceling')) AS open);
END $$;
