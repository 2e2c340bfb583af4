import {
  type AlertChange,
  failpoint,
  type Metric,
  type NoticeChange,
  type OwnedEvent,
  type OwnedTransient,
  type TopicName,
  type TransientEvent,
  transientEventSchema,
} from "@darkroom/contracts";
import type { Redis } from "../redis/client.ts";
import { createGatherer } from "../redis/gather.ts";
import { type Keys, PREVIEW_TTL_SECONDS, PROGRESS_TTL_SECONDS, TOPIC_TTL_SECONDS } from "../redis/keys.ts";
import { defineScript } from "../redis/script.ts";
import { encodeCancel, encodeEvent } from "./messages.ts";

export type ProgressedEvent = Extract<TransientEvent, { type: "job.progressed" }>;

/**
 * Tells the other processes. Everything here is a hint: Postgres is read whether it arrives or not. So nothing
 * rejects; the answer is false (or empty) when Redis did not take it.
 */
export interface Publisher {
  /** Publishes durable events, after their transaction has committed. */
  publish(events: readonly OwnedEvent[]): Promise<boolean>;
  /** Publishes a transient event; a `job.progressed` is also kept for a while (see `lastProgress`). */
  publishTransient(transient: OwnedTransient): Promise<boolean>;
  /** How long previews are kept from now on, in seconds; until it is said, two minutes. */
  keepPreviewsFor(seconds: number): void;
  /** Keeps a job's current preview for a while (see `keepPreviewsFor`); a preview of an older attempt than the kept one changes nothing. */
  setPreview(jobId: string, jpeg: Buffer, meta: { readonly attempt: number }): Promise<boolean>;
  /** The attempt's current preview, a JPEG; null when there is none (one of another attempt is none) or Redis is down. */
  getPreview(jobId: string, meta: { readonly attempt: number }): Promise<Buffer | null>;
  /** Whether there is one now, without reading it; false while Redis is down. */
  hasPreview(jobId: string, meta: { readonly attempt: number }): Promise<boolean>;
  /** The last progress of each job that has one. Compare its `attempt` with the job's: it may be of an earlier one. */
  lastProgress(jobIds: readonly string[]): Promise<Map<string, ProgressedEvent>>;
  /** Asks a worker to cancel a job now; its heartbeat would tell it anyway. */
  requestCancel(workerId: string, jobId: string): Promise<boolean>;
  /** Wakes idle workers: something can be taken. */
  wake(): Promise<boolean>;
  /** Tells operators what was measured, on whichever process they are. */
  publishMetric(metric: Metric): Promise<boolean>;
  /** Tells operators what happened to an alert. */
  publishAlert(change: AlertChange): Promise<boolean>;
  /** Tells everybody what operators tell everyone now. */
  publishNotice(change: NoticeChange): Promise<boolean>;
  /** Tells operators the view that this process made for all of them. */
  publishOverview(overview: Readonly<Record<string, unknown>>): Promise<boolean>;
}

/** Told of a durable event once it was published, or Redis did not take it. */
export type OnPublished = (owned: OwnedEvent, isTaken: boolean) => void;

/** Messages of a topic that can be read again: a quarter of an hour of a busy system's metrics, a month of alerts, one view, the last notices. */
const MESSAGES_KEPT: Readonly<Record<TopicName, number>> = { metrics: 1000, alerts: 500, notice: 10, overview: 2 };

/** Beyond this a preview is not kept: it would fill Redis for a picture that lives a second. */
const MAX_PREVIEW_BYTES = 64 * 1024;

const arrived = (commands: readonly Promise<unknown>[]): Promise<boolean> =>
  Promise.all(commands).then(
    () => true,
    () => false,
  );

function readProgress(value: string | null): ProgressedEvent | null {
  if (value === null) return null;
  try {
    const event = transientEventSchema.parse(JSON.parse(value));
    return event.type === "job.progressed" ? event : null;
  } catch {
    return null;
  }
}

/**
 * The publisher behind `keys`. `redis` has the role `commands`. `progressSeconds`: how long a job's last progress is kept.
 * `onPublished`: told of each durable event, and whether Redis took it.
 */
export function createPublisher(
  redis: Redis,
  keys: Keys,
  {
    progressSeconds = PROGRESS_TTL_SECONDS,
    onPublished,
  }: { readonly progressSeconds?: number; readonly onPublished?: OnPublished | undefined } = {},
): Publisher {
  const keepLatest = defineScript(redis, "keep-latest");
  let previewSeconds = PREVIEW_TTL_SECONDS;
  const publishTopic = defineScript(redis, "publish-topic");
  const tell = (topic: TopicName, value: object) =>
    arrived([
      publishTopic(
        [keys.kept(topic)],
        [keys.topic(topic), JSON.stringify(value), MESSAGES_KEPT[topic], TOPIC_TTL_SECONDS],
      ),
    ]);
  const publishAll = defineScript(redis, "publish");
  const messageOf = (owned: OwnedEvent | OwnedTransient) =>
    [keys.events(keys.shardOf(owned.ownerId)), encodeEvent(owned)] as const;
  const send = (owned: OwnedEvent | OwnedTransient) => redis.publish(...messageOf(owned));
  const sendDurable = createGatherer()((events: readonly OwnedEvent[]) => {
    const [first, ...others] = events;
    return arrived([
      first !== undefined && others.length === 0 ? send(first) : publishAll([], events.flatMap(messageOf)),
    ]);
  });

  return {
    publish: async (events) => {
      await failpoint("publish.due");
      const isTaken = events.length === 0 || (await sendDurable(events));
      await failpoint("publish.sent");
      if (onPublished !== undefined) for (const owned of events) onPublished(owned, isTaken);
      return isTaken;
    },
    publishTransient: (transient) => {
      const { event } = transient;
      const commands: Promise<unknown>[] = [send(transient)];
      if (event.type === "job.progressed") {
        const args = [event.attempt, JSON.stringify(event), progressSeconds];
        commands.push(keepLatest([keys.progress(event.jobId)], args));
      }
      return arrived(commands);
    },
    keepPreviewsFor: (seconds) => {
      previewSeconds = seconds;
    },
    setPreview: async (jobId, jpeg, { attempt }) => {
      if (jpeg.length > MAX_PREVIEW_BYTES) return false;
      return arrived([keepLatest([keys.preview(jobId)], [attempt, jpeg, previewSeconds])]);
    },
    hasPreview: (jobId, { attempt }) =>
      redis.hget(keys.preview(jobId), "attempt").then(
        (kept) => kept === String(attempt),
        () => false,
      ),
    getPreview: async (jobId, { attempt }) => {
      const [kept, value] = await redis.hmgetBuffer(keys.preview(jobId), "attempt", "value").catch(() => []);
      return kept?.toString() === String(attempt) ? (value ?? null) : null;
    },
    lastProgress: async (jobIds) => {
      // Sent in one tick, so in one write; a failed one is a job without progress.
      const values = await Promise.all(
        jobIds.map((jobId) => redis.hget(keys.progress(jobId), "value").catch(() => null)),
      );
      const found = new Map<string, ProgressedEvent>();
      for (const value of values) {
        const event = readProgress(value);
        if (event !== null) found.set(event.jobId, event);
      }
      return found;
    },
    requestCancel: (workerId, jobId) => arrived([redis.publish(keys.control(), encodeCancel({ workerId, jobId }))]),
    wake: () => arrived([redis.publish(keys.wake(), "")]),
    publishMetric: (metric) => tell("metrics", metric),
    publishAlert: (change) => tell("alerts", change),
    publishNotice: (change) => tell("notice", change),
    publishOverview: (overview) => tell("overview", overview),
  };
}
