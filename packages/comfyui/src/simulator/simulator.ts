import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine, type Pace } from "./engine.ts";
import { createFolders } from "./folders.ts";
import { createHttpServer } from "./http-server.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { Models, NodeSite } from "./nodes/node-type.ts";
import { controlRoutes } from "./routes/control-routes.ts";
import { infoRoutes, serverFeatures } from "./routes/info-routes.ts";
import { jobRoutes } from "./routes/job-routes.ts";
import { promptRoutes } from "./routes/prompt-routes.ts";
import { queueRoutes } from "./routes/queue-routes.ts";
import { uploadRoutes } from "./routes/upload-routes.ts";
import { viewRoutes } from "./routes/view-routes.ts";
import { createSockets, type Sockets } from "./sockets.ts";

export interface SimulatorOptions {
  /** 0: any free one. */
  readonly port?: number;
  readonly host?: string;
  readonly version?: string;
  /** One sampling step. Default 200. */
  readonly stepMs?: number;
  /** Loading a model that is not in memory. Default 600. */
  readonly loadMs?: number;
  /** Divides every wait. Default 1. */
  readonly speed?: number;
  /** Holds input, output and temp. Default: a fresh temporary folder, removed on close. */
  readonly folder?: string;
  /** Where the ledger is kept as well, one JSON line per fact; appended to. Default: in memory alone. */
  readonly ledgerFile?: string;
  readonly models?: Models;
  /**
   * The order of the outputs that will run. Python keeps them in a set, so the real order changes with each start of
   * the server; a replay gives the recorded one.
   */
  readonly outputOrder?: (ids: string[]) => string[];
}

export interface SimulatorControl {
  pace(): Pace;
  setPace(pace: Partial<Pace>): void;
  models(): Models;
  /** As if files came or went on the server's disk: the next prompt and the next `/object_info` see it. */
  setModels(models: Models): void;
  /** Every prompt ever accepted: who sent it, how often it ran, how it ended. */
  ledger(): LedgerEntry[];
  /** Resolves when a prompt of this id, sent already or not, ends next. */
  whenEnded(promptId: string): Promise<void>;
  /** Cuts every socket without a closing frame. */
  dropSockets(): void;
  /** While true it answers and begins nothing, as ComfyUI does when its worker thread has died (recording 19). */
  wedge(isWedged: boolean): void;
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  readonly control: SimulatorControl;
  close(): Promise<void>;
}

export const simulatorModels: Models = {
  checkpoints: ["darkroom-simulator-xl.safetensors", "sd_xl_base_1.0.safetensors"],
  upscale_models: ["simulator-2x.pth"],
};

/** A server that speaks ComfyUI's recorded protocol and paints pictures of its own. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = "127.0.0.1", version = "0.33.0", stepMs = 200, loadMs = 600, speed = 1 } = options;
  const pace: Pace = { stepMs, loadMs, speed };
  const folders = createFolders(options.folder ?? mkdtempSync(join(tmpdir(), "darkroom-simulator-")));
  let models = options.models ?? simulatorModels;
  const site: NodeSite = {
    folders,
    get models() {
      return models;
    },
  };
  const engine = createEngine(site, pace, (): Sockets => sockets, options);
  const sockets: Sockets = createSockets({
    features: serverFeatures,
    queueRemaining: () => engine.queue.remaining(),
    runningNode: (sid) => engine.runningNode(sid),
  });
  const control: SimulatorControl = {
    pace: () => ({ ...pace }),
    setPace: (changes) => void Object.assign(pace, changes),
    models: () => models,
    setModels: (changed) => {
      models = changed;
    },
    ledger: () => engine.ledger.list(),
    whenEnded: (promptId) => engine.whenEnded(promptId),
    dropSockets: () => sockets.terminateAll(),
    wedge: (isWedged) => engine.queue.wedge(isWedged),
  };
  const server = createHttpServer({
    ...promptRoutes(engine, site, options.outputOrder ?? ((ids) => ids)),
    ...queueRoutes(engine),
    ...jobRoutes(engine),
    ...viewRoutes(folders),
    ...uploadRoutes(folders),
    ...infoRoutes(site, version),
    ...controlRoutes(control),
  });
  server.on("upgrade", (request, stream, head) => {
    stream.on("error", () => stream.destroy());
    sockets.upgrade(request, stream, head);
  });
  server.listen(port, host);
  await once(server, "listening");
  const { port: bound } = server.address() as AddressInfo;
  const running = engine.run();

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    port: bound,
    control,
    async close() {
      engine.stop();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await running;
      if (options.folder === undefined) folders.remove();
    },
  };
}
