import { randomBytes } from "node:crypto";
import { DarkroomError, type Principal } from "@darkroom/contracts";
import { claimAdminLink as claim, type Database, ensureOwner, hasAdmin, createAdminLink as store } from "@darkroom/db";
import { hashToken } from "./credentials/api-key.ts";

const DAY_SECONDS = 24 * 60 * 60;

/**
 * The path of a one-time link that makes whoever claims it within a day an admin; null if there is an admin already.
 * The token stands in the fragment, which browsers do not send: it reaches no log and no proxy.
 */
export async function createAdminLink(database: Database): Promise<string | null> {
  if (await hasAdmin(database)) return null;
  const token = randomBytes(32).toString("base64url");
  await store(database, { hash: hashToken(token), ttlSeconds: DAY_SECONDS });
  return `/ops/claim#${token}`;
}

/**
 * Makes the visitor an admin, once. A guest may claim it too: the owner keeps the role when an account takes it over.
 *
 * @throws DarkroomError `FORBIDDEN` for API keys, `NOT_FOUND` for a link that is unknown, used or expired
 */
export async function claimAdminLink(database: Database, token: string, principal: Principal): Promise<void> {
  const { kind, ownerId, displayName } = principal;
  if (kind === "apiKey")
    throw new DarkroomError("FORBIDDEN", "An API key can't become an admin; open the link in a browser.");
  await ensureOwner(database, { ownerId, kind, displayName });
  if (!(await claim(database, { hash: hashToken(token), ownerId }))) {
    throw new DarkroomError("NOT_FOUND", "This admin link was used already, or it has expired.");
  }
}
