import { withDeadline } from "@darkroom/contracts";
import { hasPendingMigrations, listBackends } from "@darkroom/db";
import { replyJson } from "../http/reply.ts";
import type { AnonymousExchange, HttpParts } from "./route.ts";

/** The answer of `GET /api/ready`. Only what is not `ok` among `postgres`, `migrations` and `draining` makes it 503. */
export interface Readiness {
  readonly status: "ready" | "degraded" | "unavailable";
  readonly postgres: "ok" | "unreachable";
  readonly migrations: "ok" | "pending" | "unknown";
  readonly redis: "ok" | "degraded";
  /** `degraded` while no new file can be stored: there is too little room, or the disk or the bucket takes none. */
  readonly storage: "ok" | "degraded";
  readonly backends: { readonly status: "ok" | "degraded"; readonly up: number; readonly total: number };
  readonly draining: boolean;
}

/** As every other door says it. */
const RETRY_SECONDS = 2;

const withinASecond = <T>(work: Promise<T>): Promise<T> =>
  withDeadline(work, 1000, () => {
    throw new Error("timed out");
  });

/** `GET /api/health`: the process answers. It asks nothing of the database, so that an outage restarts no process. */
export function health({ response }: AnonymousExchange): void {
  replyJson(response, 200, { status: "ok" });
}

/** `GET /api/ready`: 503 while requests should go to another process. */
export async function ready({ response }: AnonymousExchange, parts: HttpParts): Promise<void> {
  const report = await readiness(parts);
  if (report.status === "unavailable") response.setHeader("retry-after", String(RETRY_SECONDS));
  replyJson(response, report.status === "unavailable" ? 503 : 200, report);
}

/** Asks each part for itself, none of them longer than a second. */
async function readiness(parts: HttpParts): Promise<Readiness> {
  const { database, redis, storageState } = parts;
  const draining = parts.isDraining();
  const [pending, pong, backends, storage] = await Promise.allSettled([
    withinASecond(hasPendingMigrations(database)),
    withinASecond(redis.ping()),
    withinASecond(listBackends(database)),
    storageState(),
  ]);
  const listed = backends.status === "fulfilled" ? backends.value : [];
  const up = listed.filter(({ state }) => state === "up").length;
  const postgres = pending.status === "fulfilled" ? "ok" : "unreachable";
  const migrations = pending.status === "rejected" ? "unknown" : pending.value ? "pending" : "ok";
  const isRedisUp = pong.status === "fulfilled";
  const canStore = storage.status === "fulfilled" && storage.value === "ok";
  const isServing = migrations === "ok" && !draining;
  return {
    status: !isServing ? "unavailable" : isRedisUp && canStore && up > 0 ? "ready" : "degraded",
    postgres,
    migrations,
    redis: isRedisUp ? "ok" : "degraded",
    storage: canStore ? "ok" : "degraded",
    backends: { status: up > 0 ? "ok" : "degraded", up, total: listed.length },
    draining,
  };
}
