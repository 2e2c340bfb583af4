import { connect as connectPlain } from "node:net";
import { connect as connectSecure } from "node:tls";
import { sentinelAddress } from "../../packages/queue/src/redis/redis-address.ts";
import { LaunchFailure } from "./launch-failure.ts";

const timeoutMs = 5000;

/** Throws one line if no Postgres answers there. Credentials are checked by the migration that follows. */
export async function reachPostgres(url: string): Promise<void> {
  // The protocol's SSLRequest, which any Postgres answers with one letter before anyone logs in.
  const request = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
  await reach("DATABASE_URL", url, 5432, request, /^[SNE]/, "Postgres");
}

/** Throws one line if no Redis, or none of the Sentinels, answers there. */
export async function reachRedis(url: string): Promise<void> {
  const sentinel = sentinelAddress(url);
  const urls = sentinel?.sentinels.map(({ host, port }) => {
    const name = host.includes(":") ? `[${host}]` : host;
    return `redis${sentinel.isSecure ? "s" : ""}://${name}:${port}`;
  });
  const tries = (urls ?? [url]).map((one) =>
    reach("REDIS_URL", one, 6379, Buffer.from("PING\r\n"), /^[+-]/, sentinel === null ? "Redis" : "a Sentinel"),
  );
  await Promise.any(tries).catch(({ errors }: AggregateError) => {
    throw errors[0];
  });
}

function reach(variable: string, url: string, defaultPort: number, request: Buffer, answer: RegExp, name: string) {
  const { hostname, port, protocol } = new URL(url);
  const address = { host: hostname.replace(/^\[|\]$/g, "") || "127.0.0.1", port: Number(port || defaultPort) };
  const where = `${hostname || "127.0.0.1"}:${address.port}`;
  return new Promise<void>((resolve, reject) => {
    const socket =
      protocol === "rediss:" ? connectSecure({ ...address, rejectUnauthorized: false }) : connectPlain(address);
    const fail = (why: string) => {
      socket.destroy();
      reject(new LaunchFailure(`${variable}: can't reach ${name} at ${where} (${why})`));
    };
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs / 1000} s`));
    socket.once("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    socket.once("close", () => fail("it closed the connection"));
    socket.once("data", (data) => {
      if (!answer.test(data.toString("latin1"))) return fail(`what answers there is not ${name}`);
      socket.destroy();
      resolve();
    });
    socket.write(request);
  });
}
