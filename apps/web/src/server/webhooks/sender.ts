import { type Log, webhookSecretOf } from "@darkroom/api";
import { backoffMs, isAfterEnd } from "@darkroom/contracts";
import {
  type ClaimedDelivery,
  claimDeliveries,
  type Database,
  jobView,
  planDeliveries,
  settleDelivery,
} from "@darkroom/db";
import { keepRunning, type Tasks } from "@darkroom/monitor";
import { Webhook } from "standardwebhooks";
import { postMessage } from "../outgoing/post-message.ts";

/** How often is looked at what has happened, and at what is due. */
const TICK_MS = 1000;
/** Messages of one webhook that are on their way at once; of one job it is always one. */
const AT_ONCE = 4;
/** From 5 s to an hour, for a day. */
const RETRY = { firstMs: 5000, maxMs: 3_600_000 };

export interface WebhookSenderOptions {
  readonly database: Database;
  readonly webhookKey: string;
  /** Keys before that one: messages are signed with each, so that a receiver that knows an old secret goes on. */
  readonly earlierWebhookKeys?: readonly string[];
  /** Hosts (`name` or `name:port`) that may be in a private network. */
  readonly privateHosts: ReadonlySet<string>;
  readonly tasks: Tasks;
  readonly log: Log;
  readonly tickMs?: number;
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
}

/** Sends what webhooks are to be told. Any number of processes may do so side by side. */
export interface WebhookSender {
  /** Begins nothing more, and resolves once what is on its way has been written down. */
  stop(): Promise<void>;
}

/** Starts a sender. Every webhook is served by itself, so one that answers slowly holds up no other. */
export function startWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { database, tasks, log, tickMs = TICK_MS } = options;
  const stopping = new AbortController();
  const serving = new Map<string, Promise<void>>();

  async function tick(): Promise<void> {
    let planned = await planDeliveries(database);
    while (planned.events > 0) planned = await planDeliveries(database);
    for (const webhookId of planned.due) {
      if (serving.has(webhookId)) continue;
      const served = serve(options, webhookId, stopping.signal)
        .catch((error: unknown) => log.warn({ err: error, webhookId }, "webhook"))
        .finally(() => serving.delete(webhookId));
      serving.set(webhookId, served);
    }
  }

  const sending = keepRunning({ name: "webhooks", everyMs: tickMs, work: tick, tasks, log });
  return {
    async stop() {
      stopping.abort();
      await sending.stop();
      await Promise.all(serving.values());
    },
  };
}

/** Sends to one webhook until nothing is due. */
async function serve(options: WebhookSenderOptions, webhookId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const claimed = await claimDeliveries(options.database, { webhookId, limit: AT_ONCE });
    if (claimed.length === 0) return;
    await Promise.all(claimed.map((delivery) => send(options, delivery)));
  }
}

async function send(options: WebhookSenderOptions, delivery: ClaimedDelivery): Promise<void> {
  const { database, webhookKey, earlierWebhookKeys = [], privateHosts, retry = RETRY } = options;
  const { deliveryId, attempt, url } = delivery;
  const body = delivery.body ?? (await bodyOf(database, delivery));
  const now = new Date();
  const startedAt = performance.now();
  const { status, answer } = await postMessage(url, {
    body,
    headers: {
      "content-type": "application/json",
      "webhook-id": deliveryId,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": [webhookKey, ...earlierWebhookKeys]
        .map((key) => new Webhook(webhookSecretOf(delivery, key)).sign(deliveryId, now, body))
        .join(" "),
    },
    privateHosts,
  });
  const isTaken = status !== null && status >= 200 && status < 300;
  await settleDelivery(database, {
    ...{ deliveryId, attempt, body, status, answer },
    latencyMs: Math.round(performance.now() - startedAt),
    retryInSeconds: isTaken ? null : backoffMs(attempt - 1, retry) / 1000,
    isGone: status === 410,
  });
}

/** The message: the event, and at a job's end the job itself with its outputs. */
async function bodyOf(database: Database, { ownerId, jobId, event }: ClaimedDelivery): Promise<string> {
  const hasJob = jobId !== null && isAfterEnd(event) && event.type !== "job.removed";
  const job = hasJob ? await jobView(database, { jobId, ownerIds: [ownerId] }) : null;
  return JSON.stringify({ type: event.type, timestamp: event.at, data: { ...event, ...(job !== null && { job }) } });
}
