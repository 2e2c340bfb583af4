/**
 * What an error of the database says of the request that met it:
 *
 * - `retry`: Postgres rolled back because of somebody else's transaction; the same statements may succeed at once.
 * - `outage`: Postgres is away, starting, stopping, out of something or not migrated yet; it says nothing of the request. Try again later.
 * - `bug`: the request itself cannot succeed.
 */
export type ErrorClass = "retry" | "outage" | "bug";

/** Serialization failure, deadlock, lock not available. */
const retryCodes: ReadonlySet<string> = new Set(["40001", "40P01", "55P03"]);

/**
 * SQLSTATE classes: connections (08), resources (53), interventions of operators (57), errors of the system under Postgres
 * (58). Single codes: a standby that takes no writes, which a failover leaves us connected to; the time limits of
 * transactions; a commit whose outcome nobody knows. And what a database lacks that was not migrated for this program yet: the schema
 * of its functions, a table, a column, a function. Our statements are fixed, so nothing that somebody asks can name another.
 */
const serverCodes = /^(?:08|53|57|58)[0-9A-Z]{3}$|^(?:25006|25P03|25P04|40003|3F000|42P01|42703|42883)$/;

/** The driver's own codes, and those of the socket, DNS and the process' limits under it. */
const connectionCodes =
  /^(?:CONNECTION_|CONNECT_|ECONN)|^(?:EPIPE|ETIMEDOUT|EHOSTDOWN|EHOSTUNREACH|ENETDOWN|ENETUNREACH|EADDRNOTAVAIL|ENOBUFS|EMFILE|ENFILE|ENOTFOUND|EAI_AGAIN)$/;

/** Libraries wrap the driver's error as a cause, drizzle once; a chain longer than this one is none of theirs. */
const DEEPEST_CAUSE = 4;

/** The one list of what is wrong with Postgres and what with the request; causes are looked through. Pure. */
export function classify(error: unknown): ErrorClass {
  let current = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && current instanceof Error; depth += 1) {
    const code = "code" in current && typeof current.code === "string" ? current.code : "";
    if (retryCodes.has(code)) return "retry";
    if (serverCodes.test(code) || connectionCodes.test(code)) return "outage";
    current = current.cause;
  }
  return "bug";
}

/** True if the same request may succeed when it is sent again, at once or later. */
export function isTransient(error: unknown): boolean {
  return classify(error) !== "bug";
}
