/** What the driver and the socket under it say when Postgres cannot be reached or went away. */
const connectionCodes =
  /^(?:CONNECTION_|CONNECT_|ECONN|EPIPE$|ETIMEDOUT$|EHOSTUNREACH$|ENETUNREACH$|ENOTFOUND$|EAI_AGAIN$)/;
/** Postgres' classes for connections, resources and operators' interventions, and the time limits of our connections. */
const serverCodes = /^(?:08|53|57)|^25P03$/;

/** True for an error that says nothing of the request: Postgres is away, overloaded or restarting. Try again. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (connectionCodes.test(code) || (error.name === "PostgresError" && serverCodes.test(code))) return true;
  return isOutage(error.cause);
}
