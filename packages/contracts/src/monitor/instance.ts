import * as z from "zod";

const timestamp = z.iso.datetime({ offset: true });
const count = z.number().int().nonnegative();

/** A background task as one process last ran it. */
export const taskReportSchema = z.object({
  name: z.string(),
  /** Null: this process has not run it yet. */
  lastRunAt: timestamp.nullable(),
  /** When this process looks again whether it is due; another process may run it before. */
  nextRunAt: timestamp.nullable(),
  lastError: z.object({ message: z.string(), at: timestamp }).nullable(),
});
export type TaskReport = z.infer<typeof taskReportSchema>;

/** What a web process counts of its connections; `…Total` since it started. */
const webFacts = z.object({
  /** Open WebSockets and streams of server-sent events. */
  sockets: count,
  streams: count,
  openedTotal: count,
  /** Connections that ended without a close, as when a network is gone. */
  brokenTotal: count,
  refusedTotal: count,
  /** Subscriptions that went on from where an earlier connection had ended: how often clients reconnect. */
  resumedTotal: count,
  subscriptions: count,
  /** Jobs that somebody follows alone; those of an owner's feed are not among them. At most 500. */
  followedJobs: z.array(z.string()),
  /** Events of the hub that wait for a slow reader; a number that grows shows a build-up before it hurts. */
  buffered: count,
  gapsTotal: count,
  overflowsTotal: count,
});

const workerFacts = z.object({
  running: count,
  slots: count,
  /** `isResting`: it answers and does no good, so it is given nothing for a while. */
  backends: z.array(z.object({ backendId: z.string(), isUp: z.boolean(), isResting: z.boolean() })),
});

/** What a process tells of itself every few seconds; gone from Redis 15 s after the last time. */
export const instanceReportSchema = z.object({
  instanceId: z.string(),
  kind: z.enum(["web", "worker"]),
  host: z.string(),
  pid: count,
  version: z.string(),
  startedAt: timestamp,
  /** When it was told, by the clock of its machine. */
  at: timestamp,
  memoryBytes: count,
  /** Free space of its storage; null where that has no bound that is known. */
  storageFreeBytes: z.number().nullable(),
  redisReconnects: count,
  tasks: z.array(taskReportSchema),
  web: webFacts.nullable(),
  worker: workerFacts.nullable(),
});
export type InstanceReport = z.infer<typeof instanceReportSchema>;

/** One open connection of a web process. */
export const connectionDetailSchema = z.object({
  connectionId: z.string(),
  ownerId: z.string(),
  /** A WebSocket, or one subscription as server-sent events. */
  transport: z.enum(["ws", "sse"]),
  /** Of a page, not of a program with a key; processes of before do not say. */
  isPage: z.boolean().optional(),
  connectedAt: timestamp,
  /** When its client last sent something. */
  lastSeenAt: timestamp,
});
export type ConnectionDetail = z.infer<typeof connectionDetailSchema>;
