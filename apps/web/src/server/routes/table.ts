import { accountMethodsAt, findOperation } from "@darkroom/api";
import { accountExport } from "./account-export.ts";
import { authenticate } from "./auth.ts";
import { claimAdmin } from "./claim-admin.ts";
import { events, jobEvents } from "./events.ts";
import { generate } from "./generate.ts";
import { health, ready } from "./health.ts";
import { metrics } from "./metrics.ts";
import { docsPage, openApi } from "./openapi.ts";
import { output } from "./outputs.ts";
import { outputsZip } from "./outputs-zip.ts";
import { preview } from "./preview.ts";
import { REST_PREFIX, rest } from "./rest.ts";
import type { Route } from "./route.ts";
import { share } from "./shares.ts";
import { socketStats } from "./socket-stats.ts";
import { socketStatus } from "./socket-status.ts";
import { trpc } from "./trpc.ts";
import { upload, uploaded } from "./uploads.ts";
import { usageCsv } from "./usage-csv.ts";

/** Every path that is answered here, and who may ask for it by the table of doors. All other paths are pages. */
export const routes: readonly Route[] = [
  { door: "GET /api/health", isAnonymous: true, handle: health },
  { door: "GET /api/ready", isAnonymous: true, handle: ready },
  { door: "ANY /api/trpc/*", hasCalls: true, handle: trpc },
  { door: "ANY /api/auth/*", handle: authenticate },
  { door: "POST /api/admin/claim", handle: claimAdmin },
  { door: "POST /api/uploads", handle: upload },
  { door: "GET /api/uploads/:uploadId", handle: uploaded },
  { door: "POST /api/generate", hasCalls: true, handle: generate },
  { door: "GET /api/openapi.json", handle: openApi },
  { door: "GET /api/docs", handle: docsPage },
  { door: "POST /api/v1/generate", hasCalls: true, handle: generate },
  { door: "GET /api/v1/events", hasCalls: true, handle: events },
  { door: "GET /api/v1/jobs/:jobId/events", hasCalls: true, handle: jobEvents },
  { door: "POST /api/v1/uploads", handle: upload },
  { door: "GET /api/v1/uploads/:uploadId/file", handle: uploaded },
  { door: "GET /api/v1/outputs/:outputId/file", handle: output },
  { door: "GET /api/v1/usage.csv", handle: usageCsv },
  { door: "ANY /api/v1/*", hasCalls: true, handle: rest },
  { door: "GET /api/account/export", handle: accountExport },
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

/** The route of a method and path: where no method fits, the first of that path; null where there is none. */
export function findRoute(method: string | undefined, pathname: string): FoundRoute | null {
  const here = compiled.filter(({ regex }) => regex.test(pathname));
  const found = here.find((one) => takes(one.method, method)) ?? here[0];
  return found === undefined ? null : { route: found.route, params: found.regex.exec(pathname)?.groups ?? {} };
}

/** The methods that a path takes, as the header `Allow` has them; none where there is no such path, or its handler decides. */
export function allowedAt(pathname: string): readonly string[] {
  const own = compiled.flatMap(({ method, regex }) => (method !== "ANY" && regex.test(pathname) ? [method] : []));
  // Those of REST's table, of which none is for OPTIONS.
  const found = pathname.startsWith(REST_PREFIX) && findOperation("OPTIONS", pathname.slice(REST_PREFIX.length));
  const rest = found && "allow" in found ? found.allow : [];
  return [
    ...new Set(
      [...own, ...rest, ...accountMethodsAt(pathname)].flatMap((method) =>
        method === "GET" ? ["GET", "HEAD"] : [method],
      ),
    ),
  ];
}

/** Whether a door with this method takes a request with that one; `ANY` leaves the choice to the handler. */
const takes = (door: string, method: string | undefined): boolean =>
  door === "ANY" || door === method || (door === "GET" && method === "HEAD");
