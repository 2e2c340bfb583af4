import { claimAdmin } from "./claim-admin.ts";
import { generate } from "./generate.ts";
import { health, ready } from "./health.ts";
import { metrics } from "./metrics.ts";
import { output } from "./outputs.ts";
import { preview } from "./preview.ts";
import type { Route } from "./route.ts";
import { share } from "./shares.ts";
import { socketStats } from "./socket-stats.ts";
import { socketStatus } from "./socket-status.ts";
import { trpc } from "./trpc.ts";
import { upload } from "./uploads.ts";

/** Every path that is answered here; what is not in the table is a page. */
const routes: readonly Route[] = [
  { method: "any", pattern: "/api/health", role: "anonymous", handle: health },
  { method: "any", pattern: "/api/ready", role: "anonymous", handle: ready },
  { method: "any", pattern: "/api/trpc/*", role: "public", handle: trpc },
  {
    method: "any",
    pattern: "/api/auth/*",
    role: "public",
    handle: ({ request, response }, { auth }) => auth.handle(request, response),
  },
  { method: "POST", pattern: "/api/admin/claim", role: "public", handle: claimAdmin },
  { method: "POST", pattern: "/api/uploads", role: "public", handle: upload },
  { method: "POST", pattern: "/api/generate", role: "public", handle: generate },
  { method: "GET", pattern: "/api/jobs/:jobId/preview", role: "public", handle: preview },
  { method: "GET", pattern: "/api/outputs/:outputId", role: "public", handle: output },
  { method: "GET", pattern: "/api/shares/:token", role: "public", handle: share },
  { method: "GET", pattern: "/api/ws/status", role: "public", handle: socketStatus },
  { method: "GET", pattern: "/api/ws/stats", role: "admin", handle: socketStats },
  { method: "GET", pattern: "/metrics", role: "operator", handle: metrics },
];

const compiled = routes.map((route) => ({ route, regex: regexOf(route.pattern) }));

function regexOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/:(\w+)/g, "(?<$1>[^/]+)").replace(/\*$/, ".*")}$`);
}

/** The route of a path with the segments that it names; null where there is none. */
export function findRoute(pathname: string): { route: Route; params: Readonly<Record<string, string>> } | null {
  for (const { route, regex } of compiled) {
    const match = regex.exec(pathname);
    if (match !== null) return { route, params: match.groups ?? {} };
  }
  return null;
}
