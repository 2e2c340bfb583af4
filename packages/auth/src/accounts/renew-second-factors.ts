import { type Database, replaceSecondFactor, type SecondFactor, secondFactorsWithout } from "@darkroom/db";
import { formatEnvelope, symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { type Secrets, versioned } from "../credentials/secrets.ts";

/**
 * Encrypts with the present secret what an earlier one has encrypted, so that the earlier one is needed no more. Others may do the same
 * at the same time, and codes be used.
 *
 * @throws Error that says how many were encrypted with a secret that is not known here
 */
export async function renewSecondFactors(database: Database, secrets: Secrets): Promise<void> {
  const [present, ...earlier] = versioned(secrets);
  if (present === undefined) throw new Error("there is always a secret");
  const key = {
    keys: new Map([present, ...earlier].map(({ version, value }) => [version, value])),
    currentVersion: present.version,
    // Before there was more than one, what was encrypted had no number.
    legacySecret: secrets.earlier.at(-1) ?? secrets.secret,
  };
  const anew = async (data: string): Promise<string> =>
    symmetricEncrypt({ key, data: await symmetricDecrypt({ key, data }) });
  const renew = async (was: SecondFactor): Promise<SecondFactor> => ({
    id: was.id,
    secret: await anew(was.secret),
    backupCodes: await anew(was.backupCodes),
  });

  const prefix = formatEnvelope(present.version, "");
  let unread = 0;
  let after = "";
  for (;;) {
    const before = await secondFactorsWithout(database, { prefix, after });
    for (const was of before) {
      const now = await renew(was).catch(() => null);
      if (now === null) unread += 1;
      else await replaceSecondFactor(database, { was, now });
      after = was.id;
    }
    if (before.length === 0) break;
  }
  if (unread === 0) return;
  throw new Error(
    `${unread} second factors can be read neither with AUTH_SECRET nor with AUTH_SECRET_OLD: put the secret before into AUTH_SECRET_OLD again`,
  );
}
