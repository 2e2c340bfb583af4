-- Promise: the address by which what an owner asks for is limited too; null if by the owner alone. Guests are, and accounts
--   for their first day: else whoever makes six accounts has six budgets. An account's age is that of its sign-up, because
--   the guest whose owner it took over may be older. `is_removed`: the owner was removed and may ask for nothing.
CREATE FUNCTION steps.counted_address(the_owner uuid, the_address text) RETURNS TABLE (is_removed boolean, counted text)
LANGUAGE sql STABLE AS $$
  SELECT coalesce(o.kind = 'removed', false), CASE WHEN o.id IS NULL
    OR o.kind = 'guest' OR coalesce(u.created_at, o.created_at) > now() - interval '1 day' THEN the_address END
  -- One by one: joined, a plan that was made while there were few could read them all.
  FROM (SELECT 1) AS one LEFT JOIN LATERAL (SELECT * FROM owners WHERE id = the_owner LIMIT 1) AS o ON true
  LEFT JOIN LATERAL (SELECT * FROM "user" WHERE id = o.account_id LIMIT 1) AS u ON true
$$;
