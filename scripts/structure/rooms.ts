import type { ImportEdge } from "./source-files.ts";

/**
 * The rooms of every house, from top to bottom. A house is a folder; a room is a folder or a file directly in it, written
 * without its ending. A room may import those of the rows below its own, never its neighbours of the same row: what two
 * neighbours share belongs further down. Tests stand on the roof and may import whatever they test.
 */
export const houses: Record<string, string[][]> = {
  "apps/web/src": [
    ["app", "server"],
    ["features"],
    ["trpc", "ui"],
    ["hooks"],
    ["format-dates", "page-request", "paths"],
    ["format"],
    ["language"],
  ],
  "apps/web/src/language": [
    ["choose-language", "page-language"],
    ["catalogues", "language-cookie"],
    ["de", "workflow-text"],
    ["say"],
    ["bundled-slugs", "spoken", "translator"],
  ],
  "apps/web/src/features": [
    ["images"],
    ["account", "batches", "ops", "workflows"],
    ["gallery", "session"],
    ["jobs", "keys", "sign-in"],
    ["remove-button"],
  ],
  "apps/web/src/features/jobs": [
    ["detail", "history", "notices"],
    ["card"],
    ["lightbox"],
    [
      ...[
        "compare",
        "elapsed",
        "remove-job",
        "repeat-buttons",
        "retry-reasons",
        "seed-badge",
        "state-icon",
        "status-line",
      ],
      ...["use-cancel-jobs"],
    ],
    ["use-run-again"],
    ["drift-dialog", "output"],
    ["job-title", "open-picture", "owner-label"],
  ],
  "apps/web/src/features/workflows": [
    ["editor", "workflow-chooser"],
    ["export"],
    ["submit-form"],
    ["form-fields"],
    ["form-layout", "input-field", "sweep"],
    ["controls", "prompts"],
    ["dropped", "mask", "upload"],
    ["stored-draft"],
    ["draft", "sweep-plan"],
  ],
  "apps/web/src/server": [
    ["main", "testing"],
    ["monitoring", "pages", "web-server"],
    ["http-handler"],
    ["ask-as"],
    ["push", "routes"],
    ["webhooks"],
    ["uploads", "websocket"],
    ["outgoing"],
    ["connections"],
    ["settings"],
    ["auth-secret", "env", "http", "missing-build", "shutdown", "warm-up"],
  ],
  "apps/web/src/trpc": [
    ["hooks"],
    ["provider"],
    ["each-of", "feed", "query-client"],
    ["connection", "first-answers", "once-or-on-leave", "ping-socket", "refusal"],
    ["live"],
    ["client", "external-store", "first-queries", "react-hooks"],
    ["query-key"],
  ],
  "apps/web/src/trpc/live": [["live-link"], ["ladder", "prompt-socket", "tab-socket"], ["tabs"], ["socket-hub"]],
  "apps/worker/src": [
    ["main", "testing"],
    ["worker"],
    ["slots"],
    ["run"],
    ["health", "maintenance", "preview-retention", "progress", "storage-gate", "sweep-files"],
    ["announcer", "attempt", "backend"],
    ["env", "retry", "settings", "wakeup"],
    ["access-file"],
  ],
  "packages/api/src": [
    ["index", "testing"],
    ["rest"],
    ["app-router"],
    ["routers"],
    ["events", "jobs", "overview"],
    ["gallery", "live", "workflows"],
    ["backends", "estimates", "trpc"],
    ["access"],
    ["answers", "context", "errors", "inputs", "words"],
    ["free-json"],
    ["until-wrong"],
  ],
  "packages/api/src/workflows": [
    ["versions"],
    ["check", "workflow-views"],
    ["capability", "find-workflow", "parameters"],
    ["missing"],
    ["graph"],
  ],
  "packages/auth/src": [
    ["admin-link-main", "index", "testing"],
    ["auth"],
    ["node-handler"],
    ["accounts", "admin-link", "identity"],
    ["address-header", "admission", "credentials", "env", "join-account", "origin", "read-body"],
  ],
  "packages/comfyui/src": [
    ["index"],
    ["client"],
    ["line", "prompts"],
    ["cancel", "files", "history", "models", "node-catalog", "node-info", "socket", "subscriptions"],
    ["events", "http", "object-info", "outputs"],
    ["messages", "prompt-errors"],
    ["access", "errors", "tolerant-json"],
  ],
  "packages/cli/src": [
    ["main"],
    ["program"],
    ["commands"],
    ["mcp"],
    ["input", "output"],
    ["account", "every-workflow"],
    ["usage-error"],
  ],
  "packages/client/src": [
    ["testing"],
    ["index"],
    ["submission"],
    ["job-handle"],
    ["job-feed"],
    ["custom-events", "transport", "workflows"],
    ["call", "few-at-once"],
  ],
  "packages/contracts/src": [
    ["index"],
    ["job"],
    ["monitor"],
    ["rule-words", "workflow"],
    ["stored-text"],
    [
      "contract-version",
      "error",
      "failpoint",
      "file-extension",
      "hash",
      "id-schema",
      "ids",
      "limits",
      "media",
      "plural",
      "principal",
      "random",
      "version",
    ],
    ["timing"],
  ],
  "packages/contracts/src/job": [
    ["plain-progress"],
    ["job-view", "provenance"],
    ["event-kinds"],
    ["event", "queue-entry"],
    ["job-schemas", "output"],
    ["custom-event", "failure", "file-urls", "job", "sharing", "wait"],
  ],
  "packages/contracts/src/workflow": [
    ["capability", "inputs", "inputs-json-schema", "node-info", "shared-workflow"],
    ["compile-graph", "conditions"],
    ["custom-combo", "mask-loader", "object-part", "parameter-media", "workflow-finding"],
    ["graph-text", "workflow"],
    ["file-name", "input-value", "slug", "timeout"],
  ],
  "packages/db/src": [
    ["testing"],
    ["index"],
    ["files", "jobs", "maintenance"],
    ["retention", "usage"],
    ["removal"],
    ["attempts", "gallery", "monitor", "owners", "push", "webhooks"],
    ["migrate", "reads"],
    ["backends", "feed", "workflows"],
    ["postgres"],
    ["schema"],
  ],
  "packages/monitor/src": [
    ["index"],
    ["looking"],
    [
      "check-alerts",
      "event-log",
      "minutes",
      "process-log",
      "process-report",
      "redis-metrics",
      "reporter",
      "tracer",
      "waits",
    ],
    ["span-tracer"],
    ["decide-alerts", "job-requests", "tasks"],
    ["alert-rules", "log"],
  ],
  "packages/queue/src": [["index", "testing"], ["hub", "monitor"], ["pubsub", "turns"], ["redis"]],
  "packages/simulator/src": [
    ["conformance", "index", "main", "testing"],
    ["env", "simulator"],
    ["routes"],
    ["control"],
    ["engine", "validation"],
    ["nodes", "prompts", "transport"],
    ["media", "site"],
    ["faults", "painting", "protocol"],
  ],
  "packages/storage/src": [
    ["index", "testing"],
    ["create-storage"],
    ["disk-storage", "s3-storage"],
    ["describe-file", "model-file", "reserve", "s3-bucket", "staging", "storage-state", "verified"],
    ["outage"],
    ["images", "measure-media", "media-type", "storage-config"],
    ["file-head", "file-name", "s3rver", "storage"],
  ],
  "packages/workflow-files/src": [
    ["index", "testing"],
    ["read-workflow-file"],
    ["kinds", "meaning"],
    ["containers"],
    ["parts"],
    ["tag"],
    ["ranges"],
    ["limits", "workflow-file-error"],
  ],
  "packages/workflow-format/src": [
    ["index", "testing"],
    ["write"],
    ["convert"],
    ["values", "texts"],
    ["findings"],
    ["links"],
    ["scopes"],
    ["layout", "read"],
    ["json"],
  ],
  e2e: [["choosing-graph", "media-workflow", "moves", "picture-page"], ["generate"], ["fixtures"], ["product"]],
  proof: [
    [
      "deploy",
      "faults",
      "fleet",
      "instances",
      "traces",
      "million",
      "model",
      "mutants",
      "peers",
      "recordings",
      "resting",
      "soak",
      "starting",
      "storm",
      "surprises",
      "workflows",
    ],
    ["chaos", "fan-out"],
  ],
  scripts: [
    ["bench", "bootstrap", "start", "verify"],
    ["bootstrap-child", "command-line", "language", "launcher", "page-budget", "structure", "testing"],
    ["commands", "embedded", "programs"],
    ["processes"],
  ],
};

/** Whether a file is a test itself; the folders `testing` are rooms like others. */
export const isTest = (path: string): boolean => /\.(test|e2e)\.tsx?$/.test(path);

/** The room of a file in a house: `packages/db/src/jobs/submit-jobs.ts` is in room `jobs` of `packages/db/src`. */
export function roomOf(house: string, path: string): string {
  const [room = "", ...rest] = path.slice(house.length + 1).split("/");
  return rest.length > 0 ? room : room.replace(/\..*$/, "");
}

/** The imports between rooms of a house that go up or sideways, the files in no room and the rooms without a file, as sentences. */
export function roomFaults(house: string, rows: string[][], paths: string[], edges: ImportEdge[]): string[] {
  const isInside = (path: string): boolean => path.startsWith(`${house}/`);
  const rowOf = (path: string): number => rows.findIndex((row) => row.includes(roomOf(house, path)));
  const homeless = paths
    .filter((path) => isInside(path) && !isTest(path) && rowOf(path) < 0)
    .map((path) => `${path} is in no room: give "${roomOf(house, path)}" a row in scripts/structure/rooms.ts`);
  const empty = rows
    .flat()
    .filter((room) => !paths.some((path) => isInside(path) && roomOf(house, path) === room))
    .map((room) => `${house} has no room "${room}": take it out of scripts/structure/rooms.ts`);
  const upward = edges
    .filter(({ from, to }) => isInside(from) && isInside(to) && !isTest(from) && rowOf(from) >= 0 && rowOf(to) >= 0)
    .filter(({ from, to }) => roomOf(house, from) !== roomOf(house, to) && rowOf(from) >= rowOf(to))
    .map(({ from, to }) => `${from} imports ${to}, which is not below it`);
  return [...homeless, ...empty, ...upward];
}
