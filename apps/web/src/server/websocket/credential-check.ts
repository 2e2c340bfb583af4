import type { Auth, Identity } from "@darkroom/auth";
import type { Principal } from "@darkroom/contracts";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { closeCodes } from "./close-codes.ts";

/** A socket outlives what it was opened with by this and the time of one query. */
const CHECK_INTERVAL_MS = 3000;
/** Credentials in one query. */
const PAGE = 1000;

interface Seat {
  readonly socket: WebSocket;
  readonly connection: { readonly principal: Principal };
  readonly credential: Identity["credential"];
}

/**
 * tRPC makes a socket's context once, so a socket keeps what its owner could see when it was opened. This looks again, at
 * everyone together, and closes the sockets whose key was revoked, whose session ended, or whose role, scopes or owners
 * have changed. Asking Postgres needs no message between processes that could be lost.
 */
export function createStandingCheck({
  auth,
  log,
  seats,
}: {
  readonly auth: Pick<Auth, "recheck">;
  readonly log: Logger;
  readonly seats: () => readonly Seat[];
}): { stop(): void } {
  async function check(): Promise<void> {
    const all = seats();
    for (let from = 0; from < all.length; from += PAGE) {
      const page = all
        .slice(from, from + PAGE)
        .flatMap(({ credential, ...seat }) => (credential ? [{ ...seat, credential }] : []));
      const now = await auth.recheck(page.map(({ credential }) => credential));
      page.forEach(({ socket, connection }, index) => {
        if (rightsOf(now[index] ?? null) === rightsOf(connection.principal)) return;
        socket.close(closeCodes.identityEnded, "sign in again");
      });
    }
  }

  let timer: NodeJS.Timeout;
  let isStopped = false;
  const schedule = () => {
    if (isStopped) return;
    timer = setTimeout(() => {
      check()
        .catch((error: unknown) => log.warn({ err: error }, "who is still who could not be checked"))
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

/** What decides over what a socket is given. A name may change, and a guest may begin to write. */
function rightsOf(principal: Principal | null): string {
  if (principal === null) return "none";
  const { ownerId, ownerIds, role, scopes } = principal;
  return JSON.stringify([ownerId, [...ownerIds].sort(), role, [...scopes].sort()]);
}
