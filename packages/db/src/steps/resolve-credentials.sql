-- Promise: what each credential of `asked` stands for now, as `ResolvedCredential` in credentials.ts has it; no row for a key that
--   is unknown or revoked, a session that ended, and an owner that does not exist. Notes the use of keys, once a minute at most.
-- `asked`: place, kind and value of each: a key's hash, a session's token, a guest's owner.
-- Every request with a credential comes here. Planned anew each time, as Postgres would for an array of unknown length, the
-- plan took four times as long as the answer.
CREATE FUNCTION steps.resolve_credentials(asked jsonb)
RETURNS TABLE (place int, owner jsonb, account jsonb, scopes jsonb) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
BEGIN
  UPDATE api_keys SET last_used_at = steps.clock() WHERE id IN (
    SELECT k.id FROM steps.asked_credentials(asked, 'apiKey') AS c JOIN api_keys k ON k.hash = c.value
    WHERE k.revoked_at IS NULL AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute')
    -- Processes note the same keys at the same time; who comes second leaves it to the first.
    FOR UPDATE OF k SKIP LOCKED);

  RETURN QUERY
  SELECT found.place, CASE WHEN o.id IS NOT NULL THEN jsonb_build_object(
      'ownerId', o.id, 'kind', o.kind, 'role', o.role, 'displayName', o.display_name, 'linkedTo', o.linked_to,
      'ownerIds', to_jsonb(ARRAY[o.id] || ARRAY(SELECT l.id FROM owners l WHERE l.linked_to = o.id ORDER BY l.id))) END,
    found.account, found.scopes
  FROM (
    SELECT c.place, o.id AS owner_id, NULL::jsonb AS account, k.scopes
    FROM steps.asked_credentials(asked, 'apiKey') AS c JOIN api_keys k ON k.hash = c.value AND k.revoked_at IS NULL
      JOIN owners o ON o.id = k.owner_id AND o.kind <> 'removed'
    UNION ALL
    SELECT c.place, o.id, jsonb_build_object('accountId', u.id, 'name', u.name), '[]'
    FROM steps.asked_credentials(asked, 'session') AS c JOIN session s ON s.token = c.value AND s.expires_at > now()
      JOIN "user" u ON u.id = s.user_id LEFT JOIN owners o ON o.account_id = u.id
    UNION ALL
    SELECT c.place, o.id, NULL, '[]'
    FROM steps.asked_credentials(asked, 'guest') AS c JOIN owners o ON o.id = c.value::uuid
  ) AS found LEFT JOIN owners o ON o.id = found.owner_id;
END $$;
