import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createControl, type SimulatorControl } from "./control.ts";
import { createEngine, type Engine, type Pace } from "./engine/engine.ts";
import type { Fault } from "./faults/fault.ts";
import { createFaults } from "./faults/faults.ts";
import { dialectOf, type SimulatedVersion } from "./protocol/dialect.ts";
import { controlRoutes } from "./routes/control-routes.ts";
import { infoRoutes } from "./routes/info-routes.ts";
import { jobRoutes } from "./routes/job-routes.ts";
import { promptRoutes } from "./routes/prompt-routes.ts";
import { queueRoutes } from "./routes/queue-routes.ts";
import { uploadRoutes } from "./routes/upload-routes.ts";
import { viewRoutes } from "./routes/view-routes.ts";
import { type Clock, realClock } from "./site/clock.ts";
import { createFolders } from "./site/folders.ts";
import { createRandomSource } from "./site/random.ts";
import type { Models, Site } from "./site/site.ts";
import { createHttpServer } from "./transport/http-server.ts";
import { type Listener, listen } from "./transport/listener.ts";
import { createSockets, type Sockets } from "./transport/sockets.ts";

export interface SimulatorOptions {
  /** 0: any free one. */
  readonly port?: number;
  readonly host?: string;
  /** Whose traffic it speaks. Default: the newest recorded. */
  readonly version?: SimulatedVersion;
  /** One sampling step. Default 200. */
  readonly stepMs?: number;
  /** Loading a model that is not in memory. Default 600. */
  readonly loadMs?: number;
  /** From the outcome's frame to the entry in the history. Default 2. */
  readonly settleMs?: number;
  /** Divides every wait. Default 1. */
  readonly speed?: number;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** What the server picks by chance is picked alike every time. Pictures need none: they follow from their prompt. */
  readonly seed?: number | undefined;
  /** Holds input, output and temp. Default: a fresh temporary folder, removed on close. */
  readonly folder?: string;
  /** Where the ledger is kept as well, one JSON line per fact; appended to. Default: in memory alone. */
  readonly ledgerFile?: string;
  readonly models?: Models;
  /** Replaces the simulator's own end under the fault `kill`: a process ends itself here. */
  readonly onKill?: () => void;
  /**
   * The order of the outputs that will run. Python keeps them in a set, so the real order changes with each start of
   * the server; a replay gives the recorded one.
   */
  readonly outputOrder?: (ids: string[]) => string[];
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  readonly control: SimulatorControl;
  /** Ends as a killed process does: lines cut, nothing said, the folder left as it is. `close` is still due. */
  kill(): void;
  close(): Promise<void>;
}

/** Its own, and those that the bundled workflows name. */
export const simulatorModels: Models = {
  checkpoints: ["darkroom-simulator-xl.safetensors", "sd_xl_base_1.0.safetensors"],
  loras: ["simulator-ink.safetensors"],
  upscale_models: ["simulator-2x.pth", "RealESRGAN_x4plus.safetensors"],
  diffusion_models: ["qwen_image_fp8_e4m3fn.safetensors", "wan2.1_t2v_1.3B_fp16.safetensors"],
  text_encoders: ["qwen_2.5_vl_7b_fp8_scaled.safetensors", "umt5_xxl_fp8_e4m3fn_scaled.safetensors"],
  vae: ["qwen_image_vae.safetensors", "wan_2.1_vae.safetensors"],
};

/** A server that speaks ComfyUI's recorded protocol and paints pictures of its own. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = "127.0.0.1", version = "0.33.0", clock = realClock } = options;
  const { stepMs = 200, loadMs = 600, settleMs = 2, speed = 1 } = options;
  const pace: Pace = { stepMs, loadMs, settleMs, speed };
  const site: Site & { models: Models } = {
    dialect: dialectOf(version),
    clock,
    random: createRandomSource(options.seed),
    faults: createFaults((fault, isActive) => changed(fault, isActive)),
    folders: createFolders(options.folder ?? mkdtempSync(join(tmpdir(), "darkroom-simulator-")), clock),
    models: options.models ?? simulatorModels,
  };
  const { folders } = site;
  const engine: Engine = createEngine(site, pace, () => sockets, {
    ledgerFile: options.ledgerFile,
    onKill: () => end(),
  });
  const sockets: Sockets = createSockets({
    site,
    queueRemaining: () => engine.queue.remaining(),
    runningNode: (sid) => engine.runningNode(sid),
  });
  const setModels = (models: Models): void => {
    site.models = models;
  };
  const control = createControl({ site, pace, setModels, engine, sockets });
  const server = createHttpServer(
    {
      ...promptRoutes(engine, site, options.outputOrder ?? ((ids) => ids)),
      ...queueRoutes(engine),
      ...jobRoutes(engine, site),
      ...viewRoutes(folders),
      ...uploadRoutes(folders),
      ...infoRoutes(site, engine),
    },
    controlRoutes(control),
    site,
  );
  server.on("upgrade", (request, stream, head) => {
    stream.on("error", () => stream.destroy());
    void sockets.upgrade(request, stream, head);
  });
  const listener: Listener = await listen(server, port, host);
  const running = engine.run();

  /** What is not asked at the moment it strikes, but happens when a fault comes or goes. */
  function changed(fault: Fault, isActive: boolean): void {
    if (fault.kind === "deadWorker") engine.queue.wedge(isActive);
    if (fault.kind === "loseHistory" && isActive) engine.history.clear();
    if (fault.kind === "kill" && isActive && fault.atOnce) end();
    if (fault.kind === "refuse") void refuse(fault.forMs, isActive);
  }

  async function refuse(forMs: number, isActive: boolean): Promise<void> {
    if (!isActive) return listener.open();
    sockets.terminateAll();
    listener.shut();
    await clock.sleep(forMs, closing.signal);
    for (const { id, fault } of site.faults.list()) if (fault.kind === "refuse") site.faults.lift(id);
  }

  const closing = new AbortController();
  const end = options.onKill ?? kill;

  function kill(): void {
    engine.kill();
    sockets.terminateAll();
    listener.shut();
  }

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${listener.port}`,
    port: listener.port,
    control,
    kill,
    async close() {
      closing.abort();
      engine.stop();
      sockets.close();
      await listener.close();
      site.faults.liftAll();
      await running;
      if (options.folder === undefined) folders.remove();
    },
  };
}
