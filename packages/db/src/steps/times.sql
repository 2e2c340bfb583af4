-- Promise: the transaction's time, cut to whole milliseconds. Columns keep milliseconds and round: without the cut a stored
--   time could lie up to half a millisecond in the future.
CREATE FUNCTION steps.clock() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT date_trunc('milliseconds', now()) $$;

-- Promise: a time as events carry it, ISO 8601 with milliseconds.
CREATE FUNCTION steps.iso(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
