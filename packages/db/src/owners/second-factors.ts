import type { Database } from "../postgres/client.ts";

/** An authenticator's secret and the codes for who lost it, both as they are kept: encrypted. */
export interface SecondFactor {
  readonly id: string;
  readonly secret: string;
  readonly backupCodes: string;
}

/** At most a hundred second factors after that one, by their ids, of which a part does not begin with `prefix`. */
export async function secondFactorsWithout(
  { sql }: Database,
  { prefix, after }: { readonly prefix: string; readonly after: string },
): Promise<SecondFactor[]> {
  return sql<SecondFactor[]>`
    SELECT id, secret, backup_codes AS "backupCodes" FROM two_factor
    WHERE id > ${after} AND NOT (starts_with(secret, ${prefix}) AND starts_with(backup_codes, ${prefix}))
    ORDER BY id LIMIT 100`;
}

/** Keeps `now` instead; false if it is not as it was any more, as when a code was used meanwhile. */
export async function replaceSecondFactor(
  { sql }: Database,
  { was, now }: { readonly was: SecondFactor; readonly now: Omit<SecondFactor, "id"> },
): Promise<boolean> {
  const replaced = await sql`
    UPDATE two_factor SET secret = ${now.secret}, backup_codes = ${now.backupCodes}
    WHERE id = ${was.id} AND secret = ${was.secret} AND backup_codes = ${was.backupCodes}`;
  return replaced.count > 0;
}
