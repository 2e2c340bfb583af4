import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "@darkroom/fault-proxy";
import { onTestFinished } from "vitest";
import { isListening } from "../../scripts/processes/ports.ts";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import { program } from "./programs.ts";

const run = promisify(execFile);
const NOBODY = 65_534;

/** Debian's Postgres with an empty cluster, until the test ends. Returns where its databases are. */
export async function startPostgres(): Promise<(database: string) => string> {
  const bin = dirname(program("initdb"));
  // Postgres refuses to be root.
  const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const folder = await makeFolder("postgres");
  const data = join(folder, "data");
  await mkdir(data);
  await chmod(data, 0o700);
  if (as.uid !== undefined) await chown(data, as.uid, as.gid);
  await run(
    join(bin, "initdb"),
    ["-D", data, "-U", "darkroom", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"],
    {
      ...as,
      cwd: "/",
    },
  );
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"].flatMap((one) => [
    "-c",
    one,
  ]);
  const server = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...settings], {
    ...as,
    cwd: "/",
    stdio: ["ignore", "ignore", "ignore"],
  });
  onTestFinished(async () => {
    server.kill("SIGQUIT");
    if (server.exitCode === null) await once(server, "exit");
    await rm(folder, { recursive: true, force: true });
  });
  while (!(await isListening(port, "127.0.0.1", 1000))) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    await new Promise((next) => setTimeout(next, 50));
  }
  return (database) => `postgres://darkroom@127.0.0.1:${port}/${database}`;
}
