-- Promise: what has been used of each limit: by an owner, or with an address by all who count by it.
--   Failed and canceled jobs are given back. Named are the others, because an index is asked for what is, not for what is not.
--   Exact only while the owner's feed row (and the address' advisory lock) is held: without it others could add meanwhile.
CREATE FUNCTION steps.usage(the_owner uuid, the_address text) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  IF the_address IS NULL THEN
    RETURN jsonb_build_object(
      'submits', (SELECT count(*) FROM submits WHERE owner_id = the_owner AND at > now() - interval '1 minute'),
      'generations', (SELECT count(*) FROM jobs WHERE owner_id = the_owner AND created_at > now() - interval '1 hour'
        AND state IN ('queued', 'running', 'canceling', 'succeeded')),
      'waiting', (SELECT count(*) FROM jobs WHERE owner_id = the_owner AND state = 'queued'));
  END IF;
  RETURN jsonb_build_object(
    'submits', (SELECT count(*) FROM submits WHERE address_key = the_address AND at > now() - interval '1 minute'),
    'generations', (SELECT count(*) FROM jobs WHERE address_key = the_address AND created_at > now() - interval '1 hour'
      AND state IN ('queued', 'running', 'canceling', 'succeeded')),
    'waiting', (SELECT count(*) FROM jobs WHERE address_key = the_address AND state = 'queued'));
END $$;
