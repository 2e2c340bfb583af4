import { authenticate } from "./auth.ts";
import { claimAdmin } from "./claim-admin.ts";
import { generate } from "./generate.ts";
import { health, ready } from "./health.ts";
import { metrics } from "./metrics.ts";
import { output } from "./outputs.ts";
import { outputsZip } from "./outputs-zip.ts";
import { preview } from "./preview.ts";
import type { Route } from "./route.ts";
import { share } from "./shares.ts";
import { socketStats } from "./socket-stats.ts";
import { socketStatus } from "./socket-status.ts";
import { trpc } from "./trpc.ts";
import { upload, uploaded } from "./uploads.ts";

/** Every path that is answered here, and who may ask for it by the table of doors. All other paths are pages. */
export const routes: readonly Route[] = [
  { door: "GET /api/health", isAnonymous: true, handle: health },
  { door: "GET /api/ready", isAnonymous: true, handle: ready },
  { door: "ANY /api/trpc/*", hasCalls: true, handle: trpc },
  { door: "ANY /api/auth/*", handle: authenticate },
  { door: "POST /api/admin/claim", handle: claimAdmin },
  { door: "POST /api/uploads", handle: upload },
  { door: "GET /api/uploads/:uploadId", handle: uploaded },
  { door: "POST /api/generate", handle: generate },
  { door: "GET /api/jobs/:jobId/preview", handle: preview },
  { door: "GET /api/outputs.zip", handle: outputsZip },
  { door: "GET /api/outputs/:outputId", handle: output },
  { door: "GET /api/shares/:token", handle: share },
  { door: "GET /api/ws/status", handle: socketStatus },
  { door: "GET /api/ws/stats", handle: socketStats },
  { door: "GET /metrics", handle: metrics },
];

export interface FoundRoute {
  readonly route: Route;
  /** `GET` takes `HEAD` too; `ANY` leaves the choice to the handler. */
  readonly method: string;
  /** The segments that the door's path names. */
  readonly params: Readonly<Record<string, string>>;
}

const compiled = routes.map((route) => {
  const [method = "", path = ""] = route.door.split(" ");
  return { route, method, regex: regexOf(path) };
});

/** In a door's path `:name` stands for one segment, a `*` at the end for everything that follows. */
function regexOf(path: string): RegExp {
  return new RegExp(
    `^${path
      .replaceAll(".", "\\.")
      .replace(/:(\w+)/g, "(?<$1>[^/]+)")
      .replace(/\*$/, ".*")}$`,
  );
}

/** The route of a path; null where there is none. */
export function findRoute(pathname: string): FoundRoute | null {
  for (const { route, method, regex } of compiled) {
    const match = regex.exec(pathname);
    if (match !== null) return { route, method, params: match.groups ?? {} };
  }
  return null;
}
