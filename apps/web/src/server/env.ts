import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { failpointSchema, type Role } from "@darkroom/contracts";
import { isRedisUrl, REDIS_URL_RULE } from "@darkroom/queue/redis-address";
import { storageProblem } from "@darkroom/storage/storage-config";
import { z } from "zod";

/** Who is blocked asks for nothing. */
const limitedRoles = ["guest", "member", "operator", "admin"] as const satisfies readonly Role[];

/** A limit: everybody's, and those of roles that have another. */
export interface PerRole {
  readonly everybody: number;
  readonly roles: Readonly<Partial<Record<Role, number>>>;
}

/** What stands between commas, without the blanks around it. */
const partsOf = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
/** A number for everybody, and after it those of roles that have another: `10,guest=5,operator=60`. */
const perRole = (usual: number, max: number) =>
  z
    .string()
    .default(String(usual))
    .transform((text, issues): PerRole => {
      const [everybody, ...others] = text.split(",").map((part) => part.trim());
      const named = others.map((part) => /^([a-z]+)=(\d+)$/.exec(part)?.slice(1) ?? [part]);
      const roles = Object.fromEntries(named);
      const { data } = limit(max).safeParse({ everybody, roles });
      if (data !== undefined && Object.keys(roles).length === named.length) return data;
      const names = limitedRoles.join(", ");
      issues.addIssue(
        `must be a whole number from 1 to ${max}, and after it others of ${names}, as in ${usual},guest=5`,
      );
      return z.NEVER;
    });
const limit = (max: number) =>
  z.object({ everybody: integer(1, max), roles: z.partialRecord(z.enum(limitedRoles), integer(1, max)) });
const flag = z.enum(["true", "false"]).transform((text) => text === "true");
/** How many proxies of ours stand before the process; `true` is one, `false` none. */
const trustedHops = z
  .union([flag.transform(Number), integer(0, 10)], { error: "must be true, false or how many proxies, up to 10" })
  .default(0);
const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
    );

/** Whether it names where something is, and nothing else. */
const isBare = ({ origin, href }: URL): boolean => href === `${origin}/`;

const environmentSchema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  PORT: integer(1, 65_535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  PUBLIC_URL: url("http:", "https:")
    .refine(
      (text) => !URL.canParse(text) || isBare(new URL(text)),
      "must be an origin such as https://pictures.example, without a path",
    )
    .optional(),
  ALLOW_INSECURE_HTTP: flag.default(false),
  TRUST_PROXY: trustedHops,
  DATABASE_URL: url("postgres:", "postgresql:"),
  REDIS_URL: z.string().refine(isRedisUrl, REDIS_URL_RULE),
  AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  /** Secrets before that one, the latest first, with commas between: what they signed still holds. */
  AUTH_SECRET_OLD: z
    .string()
    .default("")
    .transform(partsOf)
    .refine(
      (all) => all.every((one) => one.length >= 32),
      "must be secrets of at least 32 characters, with commas between",
    ),
  DATA_DIR: z.string().min(1).default(".darkroom"),
  /** This and the AWS variables are read by `@darkroom/storage`. */
  STORAGE_URL: z.string().optional(),
  AWS_ENDPOINT_URL_S3: z.string().optional(),
  AWS_REGION: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  UPLOADS_BY_URL: flag.default(false),
  /** Hosts in a private network that webhooks may be sent to, `name` or `name:port`, with commas between. */
  WEBHOOK_PRIVATE_HOSTS: z
    .string()
    .default("")
    .transform((text) => new Set(partsOf(text.toLowerCase()))),
  UPLOADS_PER_MINUTE: integer(1, 1_000_000).default(60),
  UPLOADS_PER_MINUTE_PER_ADDRESS: integer(1, 1_000_000).default(240),
  UPLOAD_MB_PER_OWNER: integer(1, 1_000_000_000).default(2000),
  UPLOAD_MB_PER_ADDRESS: integer(1, 1_000_000_000).default(4000),
  UPLOAD_MB_PER_VIDEO: integer(1, 10_000).default(95),
  UPLOAD_MB_PER_AUDIO: integer(1, 10_000).default(95),
  UPLOAD_MB_PER_3D: integer(1, 10_000).default(95),
  UPLOAD_DAYS: integer(1, 36_500).default(30),
  /** Days that an ended job is kept with its outputs; the workers remove it. Unset: until somebody removes it. */
  HISTORY_DAYS: integer(1, 36_500).optional(),
  STORAGE_RESERVE_MB: integer(0, 1_000_000).default(200),
  WS_PATH: z
    .string()
    .regex(/^\/[a-z0-9/-]+$/, "must be a path such as /ws")
    .default("/ws"),
  WS_ENABLED: flag.default(true),
  WEB_ROLE: z.enum(["all", "gateway", "pages"]).default("all"),
  GUESTS_ENABLED: flag.default(true),
  SIGN_UP_ENABLED: flag.default(true),
  ACCOUNTS_ENABLED: flag.default(true),
  GALLERY_ENABLED: flag.default(true),
  SMTP_URL: url("smtp:", "smtps:").optional(),
  MAIL_FROM: z.string().min(3).max(200).optional(),
  OIDC_ISSUER: url("https:", "http:").optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_NAME: z.string().trim().min(1).max(60).default("single sign-on"),
  SUBMITS_PER_MINUTE: perRole(10, 1_000_000),
  GENERATIONS_PER_HOUR: perRole(100, 1_000_000),
  MAX_WAITING_PER_OWNER: perRole(20, 1_000_000),
  MAX_WAITING: integer(1, 10_000_000).default(5000),
  STORAGE_MB_PER_OWNER: integer(1, 100_000_000).optional(),
  SOCKETS_PER_OWNER: integer(1, 1_000_000).default(100),
  SOCKETS_PER_ADDRESS: integer(1, 1_000_000).default(1000),
  /** A socket is pinged when it was quiet for so long, and given up when it then answers nothing for as long as this. */
  SOCKET_PING_SECONDS: integer(1, 300).default(20),
  SOCKET_TIMEOUT_SECONDS: integer(1, 300).default(8),
  /** In the long run; a burst of 256 is let through. */
  SOCKET_MESSAGES_PER_SECOND: integer(1, 100_000).default(50),
  KEEP_ALIVE_SECONDS: integer(1, 3600).default(75),
  /** Where traces go: the base address of an OTLP collector over HTTP. Unset: nowhere, and OpenTelemetry is not loaded. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url("http:", "https:").optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  /** For the fault suite only: where this process dies, fails or waits. */
  DARKROOM_FAILPOINT: failpointSchema.optional(),
  DARKROOM_ALLOW_FAILPOINTS: flag.default(false),
});

/** Every variable that the web process reads; `.env.example` is checked against it. */
export const envKeys: readonly string[] = Object.keys(environmentSchema.shape);

export type WebEnvironment = Omit<z.infer<typeof environmentSchema>, "STORAGE_URL"> & {
  readonly STORAGE_URL: string;
  /** Origins that a browser may write from: `PUBLIC_URL`, else localhost and 127.0.0.1 on our port. */
  readonly allowedOrigins: readonly string[];
};

/** True where only this machine can reach it. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(hostname);
}

/** What this process must not start without, given who can reach it; null if nothing is missing. */
function unprotected(given: z.infer<typeof environmentSchema>): string | null {
  const { HOST, PUBLIC_URL, AUTH_SECRET, ALLOW_INSECURE_HTTP, NODE_ENV, OIDC_ISSUER } = given;
  const publicUrl = PUBLIC_URL === undefined ? null : new URL(PUBLIC_URL);
  const isPublicUrl = publicUrl !== null && !isLoopback(publicUrl.hostname);
  // A secret that is generated lies beside the data, and another process on another machine would have another one.
  if (AUTH_SECRET === undefined && (isPublicUrl || !isLoopback(HOST)))
    return "AUTH_SECRET: is required where others than this machine can reach Darkroom (by HOST or PUBLIC_URL)";
  if (isPublicUrl && publicUrl.protocol === "http:" && !ALLOW_INSECURE_HTTP)
    return "PUBLIC_URL: must be https, because passwords and cookies cross the network; ALLOW_INSECURE_HTTP=true allows http";
  if (OIDC_ISSUER !== undefined && given.OIDC_CLIENT_ID === undefined)
    return "OIDC_CLIENT_ID: is required with OIDC_ISSUER; the provider gives one to each program that signs people in";
  if (OIDC_ISSUER?.startsWith("http:") && !isLoopback(new URL(OIDC_ISSUER).hostname))
    return "OIDC_ISSUER: must be https, because it says who people are";
  if (given.DARKROOM_FAILPOINT !== undefined && NODE_ENV === "production" && !given.DARKROOM_ALLOW_FAILPOINTS)
    return "DARKROOM_FAILPOINT: ends or stops this process and is for tests; DARKROOM_ALLOW_FAILPOINTS=true allows it";
  return null;
}

/** Reads and checks the environment. Throws an error of one line that names each bad variable and its rule. */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): WebEnvironment {
  // An empty value in an .env file means that the variable is not set.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => {
      const key = path.join(".");
      return given[key] === undefined
        ? `${key} is required: only npm start brings what is not set`
        : `${key}: ${message}`;
    });
    throw new Error(lines.join("; "));
  }
  const { PUBLIC_URL, PORT, DATA_DIR } = parsed.data;
  const STORAGE_URL = parsed.data.STORAGE_URL ?? pathToFileURL(resolve(DATA_DIR, "storage")).href;
  const problem = storageProblem({ ...parsed.data, STORAGE_URL });
  if (problem !== null) throw new Error(problem);
  const lacking = unprotected(parsed.data);
  if (lacking !== null) throw new Error(lacking);
  return {
    ...parsed.data,
    STORAGE_URL,
    allowedOrigins:
      PUBLIC_URL === undefined
        ? [`http://localhost:${PORT}`, `http://127.0.0.1:${PORT}`]
        : [new URL(PUBLIC_URL).origin],
  };
}
