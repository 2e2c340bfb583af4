import { closeSync, open } from "node:fs";
import { readFile } from "node:fs/promises";
import { devNull } from "node:os";
import { promisify } from "node:util";
import { newId, withDeadline } from "@darkroom/contracts";
import { type Database, feedReads, readEntrances, resolveCredentials, snapshot, warmConnections } from "@darkroom/db";

/** Answers a bare number: an object for each of hundreds would take three times as long. */
const openFile = promisify(open);

/** As many as a hundred sockets that dial at once have queries under way. */
const CONNECTIONS = 3;
/** A start waits no longer, as while Postgres is away. */
const PATIENCE_MS = 500;

/** With what a process opens anyway, the table of open files then has 2,048 places. */
const FILES = 1024;

/** Does before anybody comes what else the first hundreds would wait for: after a restart every client dials at once. Never rejects. */
export async function warmUp(database: Database): Promise<void> {
  const warmed = Promise.allSettled([askForNobody(database), makeRoomForSockets()]);
  await withDeadline(warmed, PATIENCE_MS, () => []);
}

/** Asks Postgres what each new socket asks, on some connections, so that they are open and have the statements planned. */
async function askForNobody(database: Database): Promise<void> {
  const nobody = newId();
  // Each kind is a statement of its own.
  const credentials = [
    { kind: "apiKey", hash: nobody },
    { kind: "session", token: nobody },
    { kind: "guest", ownerId: nobody },
  ] as const;
  const ask = async (one: Database): Promise<void> => {
    await readEntrances(one);
    for (const credential of credentials) await resolveCredentials(one, [credential]);
    await snapshot(one, { ownerIds: [nobody] });
    await feedReads(one).readFeedTails([nobody]);
  };
  await warmConnections(database, { count: CONNECTIONS, ask });
}

/**
 * Has the kernel double this process' table of open files now. Linux does so when the table is full, at 256, 512 and 1,024, and has
 * whoever opens the file that is too many wait for all processors, which was the main thread with a hundred sockets behind it, 10 to 20 ms
 * each time. Nothing is done where so many files are near what the process may open.
 */
async function makeRoomForSockets(): Promise<void> {
  const limits = await readFile("/proc/self/limits", "utf8");
  const most = Number(/^Max open files +(\d+)/m.exec(limits)?.[1]);
  if (!(most > 2 * FILES)) return;
  const opened = await Promise.allSettled(Array.from({ length: FILES }, () => openFile(devNull, "r")));
  for (const one of opened) if (one.status === "fulfilled") closeSync(one.value);
}
