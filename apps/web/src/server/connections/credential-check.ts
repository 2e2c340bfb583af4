import type { Auth } from "@darkroom/auth";
import type { Principal } from "@darkroom/contracts";
import type { Logger } from "pino";
import { closeCodes } from "./close-codes.ts";
import type { OpenConnection } from "./connections.ts";

/** A connection outlives the credential that opened it by at most this and the time of one query. */
const CHECK_INTERVAL_MS = 3000;
/** Credentials in one query. */
const PAGE = 1000;

/**
 * Checks the credentials of all open connections again and again, and closes those whose key was revoked, whose session
 * ended, or whose role, scopes or owners have changed. It is needed because a connection's context is made once, when it
 * is opened. Asking Postgres was chosen over a message between processes, which could be lost.
 */
export function createCredentialCheck({
  auth,
  log,
  connections,
}: {
  readonly auth: Pick<Auth, "recheck">;
  readonly log: Logger;
  readonly connections: () => readonly OpenConnection[];
}): { stop(): void } {
  async function check(): Promise<void> {
    const all = connections();
    for (let from = 0; from < all.length; from += PAGE) {
      const page = all
        .slice(from, from + PAGE)
        .flatMap(({ credential, ...open }) => (credential ? [{ ...open, credential }] : []));
      const now = await auth.recheck(page.map(({ credential }) => credential));
      page.forEach(({ line, connection }, index) => {
        if (rightsOf(now[index] ?? null) === rightsOf(connection.principal)) return;
        line.close(closeCodes.identityEnded, "sign in again");
      });
    }
  }

  let timer: NodeJS.Timeout;
  let isStopped = false;
  const schedule = () => {
    if (isStopped) return;
    timer = setTimeout(() => {
      check()
        .catch((error: unknown) => log.warn({ err: error }, "credentials of open connections could not be checked"))
        .finally(schedule);
    }, CHECK_INTERVAL_MS).unref();
  };
  schedule();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** What decides what a connection is given, as text to compare. A new name, or a guest's first write, changes none of it. */
function rightsOf(principal: Principal | null): string {
  if (principal === null) return "none";
  const { ownerId, ownerIds, role, scopes } = principal;
  return JSON.stringify([ownerId, [...ownerIds].sort(), role, [...scopes].sort()]);
}
