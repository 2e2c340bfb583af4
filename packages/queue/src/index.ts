export { type ConnectionHealth, evictionPolicy, watchConnection } from "./connection-health.ts";
export { type Cursor, decodeCursor, encodeCursor } from "./cursor.ts";
export { QueueUnavailable } from "./errors.ts";
export {
  type Attachment,
  type AttachRequest,
  createHub,
  type Delivery,
  type FeedTail,
  type Hub,
  type HubOptions,
  type HubStats,
  type KnownJob,
  type ReadFeed,
  type ReadFeedHeads,
  type ReadFeedTails,
} from "./hub.ts";
export { createKeys, type Keys } from "./keys.ts";
export { createPublisher, type ProgressedEvent, type Publisher } from "./publisher.ts";
export { createQueue, type Queue, type QueueEntry, type TakeAnswer, type TakeRequest } from "./queue.ts";
export { createRedis, type Redis, type RedisPolicy, whenReady } from "./redis.ts";
export { createSubscriber, type OwnerListener, type OwnerWatch, type Release, type Subscriber } from "./subscriber.ts";
