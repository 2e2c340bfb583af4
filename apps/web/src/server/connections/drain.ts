import { setTimeout as sleep } from "node:timers/promises";
import { closeCodes } from "./close-codes.ts";
import type { OpenConnection } from "./connections.ts";

/** Clients are told to reconnect one after another, this far apart: the process that takes over must not meet a crowd. */
const STEP_MS = 10;
/** However many there are, all have been told after this long. */
const MAX_MS = 15_000;
/** What a client needs to connect elsewhere before its old connection is closed. */
const GRACE_MS = 2000;

/** Tells the clients to reconnect, one after another, and closes what remains with 1012; ends within 19 s. */
export async function drainConnections(connections: readonly OpenConnection[]): Promise<void> {
  if (connections.length === 0) return;
  const goes = (one: OpenConnection) =>
    new Promise<void>((resolve) => {
      one.onGone = resolve;
    });
  const allClosed = Promise.all(connections.map(goes));
  void sendAway(connections);
  await allClosed;
}

async function sendAway(connections: readonly OpenConnection[]): Promise<void> {
  const stepMs = Math.min(STEP_MS, MAX_MS / connections.length);
  let nextAt = performance.now();
  for (const { line } of connections) {
    line.sendAway();
    nextAt += stepMs;
    if (nextAt > performance.now()) await sleep(nextAt - performance.now());
  }
  await sleep(GRACE_MS, undefined, { ref: false });
  for (const { line } of connections) line.close(closeCodes.restart, "service restart");
}
