export { type Cursor, decodeCursor, encodeCursor } from "./hub/cursor.ts";
export type { Delivery } from "./hub/delivery.ts";
export type { FeedTail, ReadFeed, ReadFeedTails, ReadJobs } from "./hub/feed-reader.ts";
export { createHub, type Hub, type HubOptions, type HubStats, type ReadFeedHeads } from "./hub/hub.ts";
export type { KnownJob } from "./hub/job-table.ts";
export type { OnBroadcast } from "./hub/owner-feed.ts";
export type { Attachment, AttachRequest, Sink } from "./hub/subscription.ts";
export {
  type ConnectionCountsBy,
  type CountChange,
  createInstances,
  type Full,
  type Instances,
  type KnownInstance,
  type ToldInstance,
} from "./monitor/instances.ts";
export type { TopicBatch, TopicMessage, TopicReader } from "./monitor/topic-reader.ts";
export { createTopics, type Topics, type WatchRequest } from "./monitor/topics.ts";
export { createViewers, type Viewers } from "./monitor/viewers.ts";
export { createPublisher, type OnPublished, type ProgressedEvent, type Publisher } from "./pubsub/publisher.ts";
export {
  createSubscriber,
  type OwnerListener,
  type Subscriber,
} from "./pubsub/subscriber.ts";
export { createRedis, type Redis, type RedisPolicy, whenReady } from "./redis/client.ts";
export {
  type ConnectionHealth,
  evictionPolicy,
  type RedisMemory,
  redisMemory,
} from "./redis/connection-health.ts";
export { createKeys, type Keys } from "./redis/keys.ts";
export {
  connectProcess,
  type ProcessConnections,
  type ProcessConnectionsOptions,
} from "./redis/process-connections.ts";
export { QueueUnavailable } from "./turns/errors.ts";
export { createQueue, type Queue, type QueueEntry, type TakeAnswer, type TakeRequest } from "./turns/queue.ts";
