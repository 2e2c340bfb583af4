import { hash32, type TopicName } from "@darkroom/contracts";

/** How many pub/sub channels carry events. Static, so that a reconnect resubscribes in one command. */
export const SHARD_COUNT = 16;

/** Seconds that one backend catalogue's yes/no answers are kept after the last one was added. */
export const ABLE_TTL_SECONDS = 24 * 60 * 60;
/** Seconds that a job's last progress is kept. */
export const PROGRESS_TTL_SECONDS = 60 * 60;
/** Seconds that a job's current preview is kept at most; operators may say less. */
export const PREVIEW_TTL_SECONDS = 2 * 60;
/** Seconds that a process counts as alive after it last told how it is. */
export const INSTANCE_TTL_SECONDS = 15;
/** Seconds that somebody counts as looking at a job after they last said so. */
export const VIEWER_TTL_SECONDS = 3;
/** Seconds that the messages of a topic are kept after the last one. */
export const TOPIC_TTL_SECONDS = 60 * 60;

/** What one process does for all: makes the operators' view, tells that Postgres is away. */
export type Turn = "overview" | "outage";

/**
 * Every Redis key and channel, one function each; `docs/redis.md` lists the same (a test compares them).
 * All carry one hash tag, `{prefix}`, because scripts touch several of them at once.
 */
export function createKeys(prefix = "darkroom") {
  const root = `{${prefix}}`;
  const laneRoot = `${root}:queue:lane:`;
  const instanceRoot = `${root}:instance:`;
  return {
    prefix,
    /** What the keys of instances begin with: the scripts build the rest. */
    instanceRoot,
    /** What every lane begins with: the scripts build the rest. */
    laneRoot,
    /** string · no TTL · written by `rebuild`, taken away by `check` · read by `enqueue`, `rebuild`, `check`. Missing means:
     * wiped, or broken. */
    epoch: () => `${root}:queue:epoch`,
    /** list of owner ids, next in turn first · no TTL · written by every queue script · read by `take`, `positions`. */
    ring: () => `${root}:queue:ring`,
    /** hash owner id → waiting jobs · no TTL · written by every queue script · read by `positions`. */
    owners: () => `${root}:queue:owners`,
    /**
     * hash job id → `priority letter|owner id|capability key|model key` · no TTL · written by every queue script ·
     * read by `take`, `remove`, `promote`, `positions`, `find`, `depth`.
     */
    members: () => `${root}:queue:members`,
    /** hash job id → times passed over for a warm model · no TTL, gone with its job · written and read by `take`. */
    passes: () => `${root}:queue:passes`,
    /** list of job ids, next first · no TTL, gone when empty · written by every queue script · read by `take`, `positions`. */
    lane: (ownerId: string, priorityLetter: string) => `${laneRoot}${ownerId}:${priorityLetter}`,
    /** hash capability key → `1` or `0` · TTL 24 h · written by `decide` (workers) · read by `take`. */
    able: (catalogHash: string) => `${root}:queue:able:${catalogHash}`,
    /** hash `attempt`, `value` (JSON of the last `job.progressed`) · TTL 1 h · written by workers · read by web. */
    progress: (jobId: string) => `${root}:job:progress:${jobId}`,
    /** hash `attempt`, `value` (JPEG, at most 64 KB) · TTL 2 min · written by workers · read by web. */
    preview: (jobId: string) => `${root}:job:preview:${jobId}`,
    /** sorted set of owner ids by when they last said that they look at the job (ms, Redis' clock) · TTL 3 s · written and read by web. */
    viewers: (jobId: string) => `${root}:job:viewers:${jobId}`,
    /** sorted set of instance ids by when they last reported (ms, Redis' clock) · no TTL, the dead are taken out by every
     * report · written by web and workers · read by web, workers. */
    instances: () => `${root}:instances`,
    /** hash `report` (JSON), `o:<owner id>` and `a:<address key>` → open connections · TTL 15 s · written by the process itself ·
     * read by web, workers. */
    instance: (instanceId: string) => `${instanceRoot}${instanceId}`,
    /** stream of a topic's last messages, whose ids are the topic's sequence · TTL 1 h · written by web and workers · read by web. */
    kept: (topic: TopicName) => `${root}:topic:${topic}:kept`,
    /** string: the process that does something for all · TTL 1 s (`overview`) or 1 min (`outage`) · written and read by web, workers. */
    turn: (what: Turn) => `${root}:monitor:turn:${what}`,
    /** channel of a topic · `{ id, prev, value }` · published by web and workers · subscribed by web, while an operator watches. */
    topic: (topic: TopicName) => `${root}:topic:${topic}`,
    /** channel, 16 of them by hash of the owner id · events as JSON · published by web and workers · subscribed by hubs. */
    events: (shard: number) => `${root}:events:${shard}`,
    /** channel · empty messages: something can be taken · published by web and workers · subscribed by workers. */
    wake: () => `${root}:wake`,
    /** channel · `{ workerId, jobId }`: cancel this job · published by web · subscribed by workers. */
    control: () => `${root}:control`,
    /** The shard (0–15) that carries an owner's events. */
    shardOf: (ownerId: string) => hash32(ownerId) % SHARD_COUNT,
  } as const;
}

export type Keys = ReturnType<typeof createKeys>;
