import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../scripts/processes/ports.ts";
import { launch } from "../scripts/testing/launch.ts";

/** Starts the whole product on free ports with data of its own, unless E2E_BASE_URL (with E2E_SIMULATOR_URL) names one that is running. */
export default async function setUp(): Promise<() => Promise<void>> {
  if (process.env.E2E_BASE_URL) return async () => {};
  const folder = await mkdtemp(join(tmpdir(), "darkroom-e2e-"));
  await chmod(folder, 0o711);
  const simulatorPort = await freePort();
  const product = launch({
    PORT: String(await freePort()),
    WORKER_PORT: String(await freePort()),
    SIMULATOR_PORT: String(simulatorPort),
    DATA_DIR: folder,
    SIMULATOR_SPEED: "2",
    // Limits have tests of their own; here a suite of one address works as fast as it can.
    SUBMITS_PER_MINUTE: "1000",
    GENERATIONS_PER_HOUR: "10000",
  });
  const tearDown = async () => {
    product.child.kill("SIGTERM");
    await product.exited;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [, address] = await product.printed(/ready at (\S+)[\s\S]*Ctrl-C/);
    process.env.E2E_BASE_URL = address;
    process.env.E2E_SIMULATOR_URL = `http://127.0.0.1:${simulatorPort}`;
    const adminLink = /Admin\s+(http\S+)/.exec(product.output())?.[1];
    if (adminLink) process.env.E2E_ADMIN_LINK = adminLink;
  } catch (error) {
    const log = await readFile(join(folder, "logs/web.log"), "utf8").catch(() => "");
    await tearDown();
    throw new Error(`${error instanceof Error ? error.message : error}\n${log.split("\n").slice(-10).join("\n")}`);
  }
  return tearDown;
}
