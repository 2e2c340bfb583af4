import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { z } from "zod";
import { type ComfyAccess, openAccess } from "./access.ts";
import { createCancelRoute } from "./cancel.ts";
import { ComfyProtocolError } from "./errors.ts";
import { createFiles, type Files } from "./files.ts";
import { createHttpConnection, type HttpConnection } from "./http/http-connection.ts";
import { type ComfyTimeouts, defaultTimeouts } from "./http/timeouts.ts";
import { createLine, type FrameCounts, type Line } from "./line.ts";
import type { Frame } from "./messages.ts";
import { type ModelFiles, readModels } from "./models.ts";
import { readObjectInfo } from "./object-info.ts";
import { createPrompts, type Prompts } from "./prompts.ts";
import type { Subscription } from "./subscriptions.ts";

export interface ComfyClientOptions {
  /** For example `http://127.0.0.1:8188`. */
  readonly baseUrl: string;
  /** Default: anybody may call it. */
  readonly access?: ComfyAccess;
  /** One per client, for its life. Default: a fresh UUID. */
  readonly clientId?: string;
  readonly timeouts?: Partial<ComfyTimeouts>;
  /** Redial if nothing is heard this long after an own POST was accepted. Default 3000. */
  readonly silenceMs?: number;
}

export interface ComfyDevice {
  readonly name: string;
  readonly type: string;
  readonly vramTotalBytes: number | null;
  readonly vramFreeBytes: number | null;
}

export interface SystemStats {
  /** Null on servers too old to say. */
  readonly version: string | null;
  readonly ramTotalBytes: number | null;
  readonly ramFreeBytes: number | null;
  readonly devices: readonly ComfyDevice[];
}

interface ClientEvents {
  connected: [];
  disconnected: [];
  /** The server's running and waiting prompts, of everybody. */
  "queue-remaining": [remaining: number];
  frame: [frame: Frame];
}

/** A ComfyUI server, through one socket and one keep-alive HTTP pool. Knows nothing of our jobs. */
export interface ComfyClient extends Prompts, Files {
  readonly baseUrl: string;
  readonly clientId: string;
  /** Rejects with ComfyUnreachable if the first dial fails; afterwards the socket redials itself until `close`. */
  connect(): Promise<void>;
  isOpen(): boolean;
  /** Returns the function that removes the listener. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (...args: ClientEvents[Name]) => void): () => void;
  /** Register before `submit`: the first frames race with its answer. */
  subscribe(promptId: string): Subscription;
  /** Redials if no frame comes within `withinMs`: another socket of this client's id may have made the server forget us. */
  expectFrame(withinMs: number): void;
  /**
   * A second socket, in the name of a client that is gone: the frames of its prompts go to whoever dialled last under its
   * id. Not dialled yet; whoever asked for it closes it.
   */
  listenAs(clientId: string): Line;
  systemStats(): Promise<SystemStats>;
  /** The raw catalog of node classes; about 1.6 MB. Reduce it with `nodeCatalog`. */
  objectInfo(): Promise<Record<string, unknown>>;
  /** The same as the server sent it, for who wants to know whether anything has changed before `readObjectInfo` reads it. */
  objectInfoText(): Promise<string>;
  /** Model files by folder; null if the server is too old to list them. */
  models(): Promise<ModelFiles | null>;
  /** Unloads models and, with `memory`, empties the node cache. */
  free(options?: { readonly models?: boolean; readonly memory?: boolean }): Promise<void>;
  /** What came of every frame since the client was made. */
  frameCounts(): FrameCounts;
  /** Fails every HTTP call that waits for an answer with ComfyUnreachable, for example when the server is known to hang. */
  abandonCalls(reason: string): void;
  close(): Promise<void>;
}

const bytes = z.number().nullish().catch(null);
const statsSchema = z.looseObject({
  system: z.looseObject({ comfyui_version: z.string().nullish().catch(null), ram_total: bytes, ram_free: bytes }),
  devices: z
    .array(
      z.looseObject({
        name: z.string().catch("unknown"),
        type: z.string().catch("unknown"),
        vram_total: bytes,
        vram_free: bytes,
      }),
    )
    .catch([]),
});

export function createComfyClient(options: ComfyClientOptions): ComfyClient {
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const clientId = options.clientId ?? randomUUID();
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const { access = openAccess } = options;
  const http = createHttpConnection(baseUrl, access);
  const emitter = new EventEmitter<ClientEvents>().setMaxListeners(0);
  const cancelRoute = createCancelRoute(http, timeouts.statusMs);
  const prompts = createPrompts(http, clientId, timeouts, cancelRoute);
  const { connectMs } = timeouts;

  const line = createLine({
    baseUrl,
    clientId,
    access,
    connectMs,
    onFrame: (frame) => {
      emitter.emit("frame", frame);
      if (frame.type === "status") emitter.emit("queue-remaining", frame.data.status.exec_info.queue_remaining);
    },
    onOpen: () => {
      // A server that was away may have been updated.
      cancelRoute.forget();
      emitter.emit("connected");
    },
    onClose: () => void emitter.emit("disconnected"),
  });

  return {
    ...prompts,
    ...createFiles(http, timeouts),
    baseUrl,
    clientId,
    connect: line.connect,
    isOpen: line.isOpen,
    on(name, listener) {
      const handler = listener as (...args: unknown[]) => void;
      (emitter as EventEmitter).on(name, handler);
      return () => {
        (emitter as EventEmitter).off(name, handler);
      };
    },
    subscribe: line.subscribe,
    expectFrame: line.expectFrame,
    listenAs: (otherId) => createLine({ baseUrl, clientId: otherId, access, connectMs }),
    async submit(input) {
      const heard = line.receivedFrames();
      const accepted = await prompts.submit(input);
      // The status may have come before the answer; only if nothing did, is its absence worth a redial.
      if (line.receivedFrames() === heard) line.expectFrame(options.silenceMs ?? 3_000);
      return accepted;
    },

    async systemStats() {
      const raw = await http.json({ method: "GET", path: "/system_stats", timeoutMs: timeouts.statusMs });
      const parsed = statsSchema.safeParse(raw);
      if (!parsed.success) throw new ComfyProtocolError("GET /system_stats answered something unknown", 200);
      const { system, devices } = parsed.data;
      return {
        version: system.comfyui_version ?? null,
        ramTotalBytes: system.ram_total ?? null,
        ramFreeBytes: system.ram_free ?? null,
        devices: devices.map((device) => ({
          name: device.name,
          type: device.type,
          vramTotalBytes: device.vram_total ?? null,
          vramFreeBytes: device.vram_free ?? null,
        })),
      };
    },

    objectInfo: async () => readObjectInfo(await objectInfoText(http, timeouts)),
    objectInfoText: () => objectInfoText(http, timeouts),

    models: () => readModels(http, timeouts),

    async free({ models = true, memory = false } = {}) {
      const answer = await http.text({
        method: "POST",
        path: "/free",
        body: JSON.stringify({ unload_models: models, free_memory: memory }),
        contentType: "application/json",
        timeoutMs: timeouts.statusMs,
      });
      if (answer.status !== 200) throw new ComfyProtocolError(`POST /free answered ${answer.status}`, answer.status);
    },

    frameCounts: line.frameCounts,
    abandonCalls: (reason) => http.abandon(reason),
    async close() {
      await line.close();
      http.close();
    },
  };
}

async function objectInfoText(http: HttpConnection, { catalogMs }: ComfyTimeouts): Promise<string> {
  const { status, body } = await http.text({ method: "GET", path: "/object_info", timeoutMs: catalogMs });
  if (status !== 200) throw new ComfyProtocolError(`GET /object_info answered ${status}`, status);
  return body;
}
