-- Promise: takes owners' feeds for this transaction, the first locks of every step. Without `waits` nothing is waited for;
--   whoever waits asks for one, so that no two transactions can wait for each other.
-- Answer: those of the owners whose feeds are held now. Missing are those that somebody else holds, and who has none.
CREATE FUNCTION steps.hold_feeds(owners uuid[], waits boolean) RETURNS uuid[] LANGUAGE plpgsql AS $$
BEGIN
  IF waits THEN RETURN ARRAY(SELECT owner_id FROM owner_feeds WHERE owner_id = ANY(owners) FOR UPDATE);
  ELSE RETURN ARRAY(SELECT owner_id FROM owner_feeds WHERE owner_id = ANY(owners) FOR UPDATE SKIP LOCKED);
  END IF;
END $$;
