import type { Mutant } from "./mutant.ts";

const sender = "apps/web/src/server/webhooks/sender.test.ts";
const publish = "packages/api/src/events/publish.test.ts";
const push = "apps/web/src/server/push/push-sender.test.ts";
const rest = "apps/web/src/server/routes/rest.test.ts";

/** What other services rely on: REST, webhooks and events of their own. */
export const servicesMutants: Readonly<Record<string, Mutant>> = {
  "worker-metrics": {
    guard: "where others can reach a worker, its metrics are for the token alone",
    file: "apps/worker/src/health/health.ts",
    text: "isLoopback(host) || brings(request, token)",
    replacement: "isLoopback(host) || token !== undefined",
    tests: ["apps/worker/src/main.test.ts"],
    only: "who brings the token why not and the metrics",
  },
  "webhook-both-secrets": {
    guard: "a receiver of webhooks that knows the secret before goes on",
    file: "apps/web/src/server/webhooks/sender.ts",
    text: "[webhookKey, ...earlierWebhookKeys]",
    replacement: "[webhookKey]",
    tests: [sender],
    only: "knows the secret of before AUTH_SECRET was changed",
  },
  "outgoing-private": {
    guard: "a webhook and a push lead into no private network",
    file: "apps/web/src/server/outgoing/post-message.ts",
    text: "(found) => isPrivate || isPublicAddress(found)",
    replacement: "(found) => isPrivate || isPublicAddress(found) || true",
    tests: [sender],
    only: "an address in a private network is not called",
  },
  "webhook-order": {
    guard: "a job's messages arrive in their order",
    file: "packages/db/src/webhooks/deliveries.ts",
    text: "AND earlier.job_id = d.job_id\n",
    replacement: "AND false\n",
    tests: [sender],
    only: "in order per job",
  },
  "webhook-lock": {
    guard: "a message that is on its way is not sent a second time",
    file: "packages/db/src/webhooks/deliveries.ts",
    text: "locked_until = now() + make_interval",
    replacement: "locked_until = now() - make_interval",
    tests: [sender],
    only: "what a killed sender had claimed",
  },
  "webhook-owner": {
    guard: "nobody reads what was sent to another's webhook",
    file: "packages/db/src/webhooks/delivery-log.ts",
    text: "  if (own.length === 0) return null;\n",
    replacement: "",
    tests: ["packages/api/src/routers/webhook.test.ts"],
    only: "nobody reaches another's webhooks",
  },
  "generate-failed": {
    guard: "where the picture itself was asked for, the status tells of a failure",
    file: "apps/web/src/server/routes/generate.ts",
    text: '  if (state === "failed") throw new DarkroomError("JOB_FAILED", failure?.message ?? "The job failed.");\n',
    replacement: "",
    tests: [rest],
    only: "answers with the job, its files, or the picture itself",
  },
  "stream-end": {
    guard: "an EventSource stays away once its job's end was told",
    file: "apps/web/src/server/routes/events.ts",
    text: "  if (lastEventId === END_ID) return void response.writeHead(204).end();\n",
    replacement: "",
    tests: [rest],
    only: "stay away after the end",
  },
  "event-others": {
    guard: "nobody but operators adds events to the feed of another",
    file: "packages/api/src/events/publish.ts",
    text: `&& !hasRole(ctx.principal.role, "operator")`,
    replacement: "&& false",
    tests: [publish],
    only: "others' feeds are for operators",
  },
  "event-rate": {
    guard: "a feed takes so many events of services a minute",
    file: "packages/db/src/feed/publish-event.ts",
    text: "count.published >= MAX_PUBLISHED_PER_MINUTE",
    replacement: "count.published < 0",
    tests: [publish],
    only: "so many durable events",
  },
  "alert-operators": {
    guard: "only operators are told of alerts",
    file: "packages/db/src/monitor/alerts.ts",
    text: "AND o.role IN ('operator', 'admin') ",
    replacement: "",
    tests: [sender],
    only: "a service's own events",
  },
  "push-page": {
    guard: "while a page is there nothing is pushed",
    file: "apps/web/src/server/push/push-sender.ts",
    text: `decision === "pass" ? 200 : await`,
    replacement: `decision === "pass" ? await send(options, push) : await`,
    tests: [push],
    only: "while a page of the owner is there",
  },
};
