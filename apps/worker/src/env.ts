import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ComfyAccess } from "@darkroom/comfyui";
import { failpointSchema } from "@darkroom/contracts";
import { isRedisUrl, REDIS_URL_RULE } from "@darkroom/queue/redis-address";
import { storageProblem } from "@darkroom/storage/storage-config";
import { z } from "zod";
import { type NamedServer, readAccess } from "./access-file.ts";

const seconds = (fallback: number, min: number, max: number) => z.coerce.number().min(min).max(max).default(fallback);

const comfyuiServers = z.string().transform((text, context) => {
  const servers: NamedServer[] = [];
  const parts = text.split(",").filter((entry) => entry.trim() !== "");
  for (const [index, part] of parts.entries()) {
    const server = namedServer(part.trim());
    if (server === null) {
      // It may hold a password, so it is not repeated.
      const message = `must be http(s) URLs without a query, separated by commas; number ${index + 1} is not one`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }
    if (!servers.some(({ url }) => url === server.url)) servers.push(server);
  }
  if (servers.length === 0) {
    context.addIssue({ code: "custom", message: "must name at least one ComfyUI server" });
    return z.NEVER;
  }
  return servers;
});

/** A server's address, and apart from it the user and password that its URL may hold; null if it is no such URL. */
function namedServer(text: string): NamedServer | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") return null;
  const { username, password } = url;
  if (username === "" && password === "") return { url: text.replace(/\/+$/, ""), basic: null };
  url.username = "";
  url.password = "";
  try {
    const basic = [username, password].map(decodeURIComponent).join(":");
    return { url: url.href.replace(/\/+$/, ""), basic };
  } catch {
    return null;
  }
}

const port = z.coerce.number().int().min(1).max(65_535);

const schema = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must start with postgres://"),
  REDIS_URL: z.string().refine(isRedisUrl, REDIS_URL_RULE),
  COMFYUI_URLS: comfyuiServers,
  /** A JSON file of what ComfyUI servers want of whoever calls them, see `access-file.ts`. */
  COMFYUI_ACCESS_FILE: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).default(".darkroom"),
  /** This and the AWS variables are read by `@darkroom/storage`. Unset: the folder `storage` in `DATA_DIR`, as for the web process. */
  STORAGE_URL: z.string().optional(),
  AWS_ENDPOINT_URL_S3: z.string().optional(),
  AWS_REGION: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  STORAGE_RESERVE_MB: z.coerce.number().int().min(0).max(1_000_000).default(200),
  /** Unset: 3001, or the next free port. */
  WORKER_PORT: port.optional(),
  /** Where /health, /ready and /metrics listen; from elsewhere the latter two tell their details to WORKER_TOKEN alone. */
  WORKER_HOST: z.string().min(1).default("127.0.0.1"),
  WORKER_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
  /** Prompts that one backend runs or holds at once, whatever the number of workers. */
  BACKEND_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(1),
  /** Counted from ComfyUI's `execution_start`. */
  JOB_TIMEOUT_SECONDS: seconds(600, 1, 86_400),
  /** How long a silent worker keeps its jobs and slots. */
  LEASE_SECONDS: seconds(10, 0.5, 600),
  /** Days that an ended job is kept with its outputs. Unset: until somebody removes it. */
  HISTORY_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
  /** How long Redis keeps a job's last progress after nothing more was heard of it. */
  LIVE_STATE_SECONDS: seconds(3600, 60, 604_800),
  /** Where traces go: the base address of an OTLP collector over HTTP. Unset: nowhere, and OpenTelemetry is not loaded. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .regex(/^https?:\/\//, "must start with http:// or https://")
    .optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  /** For the fault suite only: where this process dies, fails or waits. */
  DARKROOM_FAILPOINT: failpointSchema.optional(),
  DARKROOM_ALLOW_FAILPOINTS: z.enum(["true", "false"]).default("false"),
});

export type Env = Omit<z.infer<typeof schema>, "COMFYUI_URLS"> & {
  readonly STORAGE_URL: string;
  /** Without credentials. */
  readonly COMFYUI_URLS: readonly string[];
  /** What each of them wants of its callers, by its URL. Secret. */
  readonly comfyuiAccess: ReadonlyMap<string, ComfyAccess>;
};

/** The variables this process reads. */
export const envKeys: readonly string[] = Object.keys(schema.shape);

/** Thrown by {@link parseEnv}: one line per bad variable, each with its name and its rule. */
export class EnvInvalid extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "EnvInvalid";
  }
}

/** The validated environment. An empty value counts as unset. Throws {@link EnvInvalid}. */
export function parseEnv(values: Readonly<Record<string, string | undefined>>): Env {
  const given = Object.fromEntries(envKeys.map((key) => [key, values[key] === "" ? undefined : values[key]]));
  const parsed = schema.safeParse(given);
  if (parsed.success) {
    const STORAGE_URL = parsed.data.STORAGE_URL ?? pathToFileURL(resolve(parsed.data.DATA_DIR, "storage")).href;
    const problem = storageProblem({ ...parsed.data, STORAGE_URL });
    if (problem !== null) throw new EnvInvalid([problem]);
    if (parsed.data.DARKROOM_FAILPOINT !== undefined && parsed.data.DARKROOM_ALLOW_FAILPOINTS === "false")
      throw new EnvInvalid(["DARKROOM_FAILPOINT: is for tests; DARKROOM_ALLOW_FAILPOINTS=true allows it"]);
    const { COMFYUI_URLS: servers, COMFYUI_ACCESS_FILE } = parsed.data;
    const COMFYUI_URLS = servers.map(({ url }) => url);
    return { ...parsed.data, STORAGE_URL, COMFYUI_URLS, comfyuiAccess: accessTo(servers, COMFYUI_ACCESS_FILE) };
  }
  // A value may be a secret (a URL with a password), so only the name and the rule are said.
  throw new EnvInvalid(
    parsed.error.issues.map((issue) => {
      const key = String(issue.path[0]);
      return given[key] === undefined
        ? `${key} is required: only npm start brings what is not set`
        : `${key}: ${issue.message}`;
    }),
  );
}

function accessTo(servers: readonly NamedServer[], file: string | undefined): ReadonlyMap<string, ComfyAccess> {
  try {
    return readAccess(servers, file);
  } catch (error) {
    throw new EnvInvalid([`COMFYUI_ACCESS_FILE: ${error instanceof Error ? error.message : error}`]);
  }
}

/** Reads the process' environment; a bad value is said on stderr and ends the process with status 1. */
export function readEnv(): Env {
  try {
    return parseEnv(process.env);
  } catch (error) {
    if (!(error instanceof EnvInvalid)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
