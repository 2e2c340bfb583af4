-- Promise: what has been used of each limit by an owner.
--   Failed and canceled jobs are given back. Named are the others, because an index is asked for what is, not for what is not.
--   What waits is counted among their open jobs, and the state of what succeeded is one that the plan does not know: for a
--   named state Postgres, if it plans while few are in it, looks through everybody's, and each submit takes the longer the more are.
--   They are asked for in their order, which one index has: a plan that is made while an owner has few jobs else looks through all of them.
--   Exact only while the owner's feed row is held: without it others could add meanwhile.
CREATE FUNCTION steps.usage_of(the_owner uuid) RETURNS steps.used LANGUAGE plpgsql AS $$
BEGIN
  RETURN (
    SELECT ROW(
      (SELECT count(*) FROM submits WHERE owner_id = the_owner AND at > now() - interval '1 minute'),
      open.recent + (SELECT count(*) FROM (SELECT FROM jobs WHERE owner_id = the_owner AND state = (SELECT 'succeeded')
        AND created_at > now() - interval '1 hour' ORDER BY created_at) AS succeeded),
      open.waiting)::steps.used
    FROM (
      SELECT count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS recent,
        count(*) FILTER (WHERE state = 'queued') AS waiting
      FROM jobs WHERE owner_id = the_owner AND state IN ('queued', 'running', 'canceling')) AS open);
END $$;

-- Promise: the same, with an address, by all who count by it. Exact only while the address' advisory lock is held.
CREATE FUNCTION steps.usage_at(the_address text) RETURNS steps.used LANGUAGE plpgsql AS $$
BEGIN
  RETURN (
    SELECT ROW(
      (SELECT count(*) FROM submits WHERE address_key = the_address AND at > now() - interval '1 minute'),
      open.recent + (SELECT count(*) FILTER (WHERE state = 'succeeded') FROM jobs
        WHERE address_key = the_address AND created_at > now() - interval '1 hour'),
      open.waiting)::steps.used
    FROM (
      SELECT count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS recent,
        count(*) FILTER (WHERE state = 'queued') AS waiting
      FROM jobs WHERE address_key = the_address AND state IN ('queued', 'running', 'canceling')) AS open);
END $$;
