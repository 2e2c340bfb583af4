-- Promise: the address by which what an owner asks for is limited too; null if by the owner alone. Guests are, and accounts
--   for their first day: else whoever makes six accounts has six budgets. An account's age is that of its sign-up, because
--   the guest whose owner it took over may be older. `is_removed`: the owner was removed and may ask for nothing.
CREATE FUNCTION steps.counted_address(the_owner uuid, the_address text, OUT is_removed boolean, OUT counted text)
LANGUAGE plpgsql AS $$
BEGIN
  SELECT o.kind = 'removed', CASE
    WHEN o.kind = 'guest' OR coalesce(u.created_at, o.created_at) > now() - interval '1 day' THEN the_address END
  INTO is_removed, counted
  FROM owners o LEFT JOIN "user" u ON u.id = o.account_id WHERE o.id = the_owner;
  IF NOT FOUND THEN is_removed := false; counted := the_address; END IF;
END $$;
