-- What has been used of each limit.
CREATE TYPE steps.used AS (submits int, generations int, waiting int);

-- Promise: what is used once so much more is.
CREATE FUNCTION steps.more(used steps.used, submits int, adding int) RETURNS steps.used LANGUAGE sql IMMUTABLE AS $$
  SELECT ((used).submits + submits, (used).generations + adding, (used).waiting + adding)::steps.used
$$;

-- Promise: whether no limit is passed; what is not counted passes none.
CREATE FUNCTION steps.is_within(used steps.used, limits jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT used IS NULL OR (used).submits <= (limits->>'submitsPerMinute')::int
    AND (used).generations <= (limits->>'generationsPerHour')::int AND (used).waiting <= (limits->>'maxWaitingPerOwner')::int
$$;
