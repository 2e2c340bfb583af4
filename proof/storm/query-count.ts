import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A relay before Postgres that counts what its clients ask: on the wire, so nothing in between can miscount. */
export interface QueryCount {
  /** The database behind the relay. */
  readonly url: string;
  /** Statements executed so far. */
  count(): number;
  close(): Promise<void>;
}

const EXECUTE = "E".charCodeAt(0);
const SIMPLE_QUERY = "Q".charCodeAt(0);

export async function countQueries(databaseUrl: string): Promise<QueryCount> {
  const target = new URL(databaseUrl);
  const ends = new Set<Socket>();
  let statements = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const look = statementCounter(() => {
      statements += 1;
    });
    client.on("data", look);
    client.pipe(upstream).pipe(client);
    for (const [end, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      ends.add(end);
      end.setNoDelay(true);
      end.on("error", () => undefined);
      end.on("close", () => {
        ends.delete(end);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    count: () => statements,
    close: () =>
      new Promise((resolve) => {
        for (const end of ends) end.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Reads what a client of Postgres sends: a type byte and a length before each message, but no type before the first. */
function statementCounter(onStatement: () => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0);
  let toSkip = 0;
  let typeBytes = 0;
  return (chunk) => {
    let bytes = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const skipped = Math.min(toSkip, bytes.length);
      bytes = bytes.subarray(skipped);
      toSkip -= skipped;
      if (toSkip > 0 || bytes.length < typeBytes + 4) break;
      if (typeBytes === 1 && (bytes[0] === EXECUTE || bytes[0] === SIMPLE_QUERY)) onStatement();
      toSkip = typeBytes + bytes.readUInt32BE(typeBytes);
      typeBytes = 1;
    }
    pending = Buffer.from(bytes);
  };
}
