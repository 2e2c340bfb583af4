-- Promise: takes an owner's feed for this transaction, the first lock of every step. Without `waits` nothing is waited for.
-- Answer: false if somebody else holds it; with `waits`, if the owner has none.
CREATE FUNCTION steps.hold_feed(the_owner uuid, waits boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF waits THEN PERFORM 1 FROM owner_feeds WHERE owner_id = the_owner FOR UPDATE;
  ELSE PERFORM 1 FROM owner_feeds WHERE owner_id = the_owner FOR UPDATE SKIP LOCKED;
  END IF;
  RETURN FOUND;
END $$;
