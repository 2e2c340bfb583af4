import { newId, withDeadline } from "@darkroom/contracts";
import { type Database, feedReads, readEntrances, resolveCredentials, snapshot, warmConnections } from "@darkroom/db";

/** As many as a hundred sockets that dial at once have queries under way. */
const CONNECTIONS = 3;
/** A start waits no longer, as while Postgres is away. */
const PATIENCE_MS = 500;

/**
 * Asks Postgres what each new socket asks, for nobody, on some connections. After a restart every client dials at once, and the first
 * hundred would wait until connections are open and statements are planned. Never rejects.
 */
export async function warmUp(database: Database): Promise<void> {
  const nobody = newId();
  const ask = async (one: Database): Promise<void> => {
    await readEntrances(one);
    await resolveCredentials(one, [{ kind: "guest", ownerId: nobody }]);
    await snapshot(one, { ownerIds: [nobody] });
    await feedReads(one).readFeedTails([nobody]);
  };
  const warmed = warmConnections(database, { count: CONNECTIONS, ask }).catch(() => undefined);
  await withDeadline(warmed, PATIENCE_MS, () => undefined);
}
