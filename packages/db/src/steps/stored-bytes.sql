-- Promise: the size of all that is kept of a person: of an account and the guests that were linked to it, or of a guest. What is
--   being made at this moment comes on top. Each is looked up by itself, so that no plan reads the table whole.
CREATE FUNCTION steps.stored_bytes(the_owner uuid) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT coalesce(sum(kept.bytes), 0)
    FROM (SELECT the_owner AS id UNION ALL SELECT id FROM owners WHERE linked_to = the_owner) AS owner
    CROSS JOIN LATERAL (SELECT bytes FROM stored_files WHERE owner_id = owner.id LIMIT 1) AS kept);
END $$;
