-- Promise: those of `asked` that are of a kind, to be joined with what they stand for.
CREATE FUNCTION steps.asked_credentials(asked jsonb, the_kind text) RETURNS TABLE (place int, value text)
LANGUAGE sql IMMUTABLE AS $$
  SELECT c.place, c.value FROM jsonb_to_recordset(asked) AS c (place int, kind text, value text) WHERE c.kind = the_kind
$$;
