import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../scripts/processes/ports.ts";
import { launch } from "../scripts/testing/launch.ts";
import { familyOf } from "../scripts/testing/processes.ts";

/** The whole product, which the tests of one Playwright worker use one after another. */
export interface Product {
  /** `http://localhost:3000`. */
  readonly address: string;
  readonly simulatorUrl: string;
  /** The one-time address that makes the first admin, as the launcher printed it; null once there is one. */
  readonly adminLink: string | null;
  /** The launcher's process; null for a product that was named from outside. */
  readonly pid: number | null;
  end(): Promise<void>;
}

/** The product that E2E_BASE_URL and E2E_SIMULATOR_URL name; null if they name none. */
export function runningProduct(): Product | null {
  const { E2E_BASE_URL, E2E_SIMULATOR_URL = "" } = process.env;
  if (!E2E_BASE_URL) return null;
  return {
    address: E2E_BASE_URL,
    simulatorUrl: E2E_SIMULATOR_URL,
    adminLink: null,
    pid: null,
    end: async () => undefined,
  };
}

/** Starts the whole product on free ports with data of its own. Throws, with its log, if it does not get ready. */
export async function startProduct(): Promise<Product> {
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
  const end = async () => {
    product.child.kill("SIGTERM");
    await product.exited;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [, address = ""] = await product.printed(/ready at (\S+)[\s\S]*Ctrl-C/);
    const adminLink = /Admin\s+(http\S+)/.exec(product.output())?.[1] ?? null;
    return {
      address,
      simulatorUrl: `http://127.0.0.1:${simulatorPort}`,
      adminLink,
      pid: product.child.pid ?? null,
      end,
    };
  } catch (error) {
    const log = await readFile(join(folder, "logs/web.log"), "utf8").catch(() => "");
    await end();
    throw new Error(`${error instanceof Error ? error.message : error}\n${log.split("\n").slice(-10).join("\n")}`);
  }
}

/** Kills the web process, as if it had crashed: the launcher starts it again. */
export function killWeb({ pid }: Product): void {
  if (pid === null) throw new Error("only a product that was started here can lose a process");
  for (const [one, command] of familyOf(pid))
    if (/\bweb\.mjs|apps\/web\/src/.test(command)) process.kill(one, "SIGKILL");
}
