import type { Log } from "@darkroom/api";
import { backoffMs } from "@darkroom/contracts";
import { claimPushes, type Database, type DuePush, removePushSubscription, settlePush } from "@darkroom/db";
import { keepRunning, type Tasks } from "@darkroom/monitor";
import webPush from "web-push";
import { postMessage } from "../outgoing/post-message.ts";
import { decidePush, noteOf, type SeenPages } from "./push-note.ts";
import type { VapidKeys } from "./vapid-keys.ts";

const TICK_MS = 1000;
/** Browsers that are told at once. */
const AT_ONCE = 20;
/** What could not be told is tried again until it is no news any more, in an hour. */
const RETRY = { firstMs: 5000, maxMs: 600_000 };
/** How soon it is looked again whether a page was there. */
const WAIT_SECONDS = 5;
/** How long a push service keeps a note for a browser that is away. */
const TTL_SECONDS = 60 * 60;

export interface PushSenderOptions {
  readonly database: Database;
  readonly keys: VapidKeys;
  /** Those of earlier secrets, the latest first: a browser knows us by the one that it subscribed with. */
  readonly earlierKeys?: readonly VapidKeys[];
  /** Whom push services may write to about us: an address of mail or of the web. */
  readonly contact: string;
  /** Hosts (`name` or `name:port`) that may be in a private network. */
  readonly privateHosts: ReadonlySet<string>;
  /** When pages of each owner were last seen, over all processes. */
  readonly seenPages: () => Promise<ReadonlyMap<string, SeenPages>>;
  readonly tasks: Tasks;
  readonly log: Log;
  readonly tickMs?: number;
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
}

export interface PushSender {
  /** Begins nothing more, and resolves once what is on its way has been written down. */
  stop(): Promise<void>;
}

/** Starts a sender of Web Push. Any number of processes may do so side by side. */
export function startPushSender(options: PushSenderOptions): PushSender {
  const { database, tasks, log, tickMs = TICK_MS } = options;
  let isStopped = false;

  async function tick(): Promise<void> {
    const due = await claimPushes(database, { limit: AT_ONCE });
    const pages = due.some(({ ended }) => ended.length > 0) ? await options.seenPages() : new Map<string, SeenPages>();
    await Promise.all(due.map((push) => settleOrPutOff(options, push, pages.get(push.ownerId) ?? [])));
    if (due.length === AT_ONCE && !isStopped) await tick();
  }

  const sending = keepRunning({ name: "push", everyMs: tickMs, work: tick, tasks, log });
  return {
    async stop() {
      isStopped = true;
      await sending.stop();
    },
  };
}

/** One that cannot be written to at all, as to a key that is none, keeps no other from being told. */
async function settleOrPutOff(options: PushSenderOptions, push: DuePush, pages: SeenPages): Promise<void> {
  const { subscriptionId, failures } = push;
  try {
    await settle(options, push, pages);
  } catch (error) {
    options.log.warn({ err: error, subscriptionId }, "push");
    await putOff(options, { subscriptionId, failures });
  }
}

async function settle(options: PushSenderOptions, push: DuePush, pages: SeenPages): Promise<void> {
  const { database } = options;
  const { subscriptionId, endpoint, head, failures, ended } = push;
  const told = { subscriptionId, head, inSeconds: 0, failures: 0 };
  const newest = ended.at(-1);
  if (newest === undefined) return settlePush(database, told);
  const decision = decidePush(pages, { at: Date.parse(newest.at), now: Date.now() });
  if (decision === "wait") {
    return settlePush(database, { subscriptionId, head: null, inSeconds: WAIT_SECONDS, failures });
  }
  const status = decision === "pass" ? 200 : await sendByAnyKey(options, push);
  if (status !== null && status >= 200 && status < 300) return settlePush(database, told);
  // The browser has taken it back, or no key of ours is the one it knows.
  if (status === 404 || status === 410 || status === 403) {
    await removePushSubscription(database, { endpoint, ownerIds: null });
    return;
  }
  await putOff(options, { subscriptionId, failures });
}

function putOff(
  { database, retry = RETRY }: PushSenderOptions,
  { subscriptionId, failures }: Pick<DuePush, "subscriptionId" | "failures">,
): Promise<void> {
  const inSeconds = backoffMs(failures, retry) / 1000;
  return settlePush(database, { subscriptionId, head: null, inSeconds, failures: failures + 1 });
}

/** Sends it, with an earlier key where the push service does not take the present one; the last status. */
async function sendByAnyKey(options: PushSenderOptions, push: DuePush): Promise<number | null> {
  let status: number | null = null;
  for (const keys of [options.keys, ...(options.earlierKeys ?? [])]) {
    status = await send(options, push, keys);
    if (status !== 401 && status !== 403) break;
  }
  return status;
}

/** Sends it, readable by that browser alone; the status, null if there was no answer. */
async function send(
  { contact, privateHosts }: PushSenderOptions,
  { endpoint, p256dh, auth, ended }: DuePush,
  keys: VapidKeys,
): Promise<number | null> {
  const { headers, body } = webPush.generateRequestDetails(
    { endpoint, keys: { p256dh, auth } },
    JSON.stringify(noteOf(ended)),
    { vapidDetails: { subject: contact, ...keys }, TTL: TTL_SECONDS, contentEncoding: "aes128gcm" },
  );
  const { status } = await postMessage(endpoint, {
    body: body ?? "",
    headers: headers as Record<string, string>,
    privateHosts,
  });
  return status;
}
