export { QueueUnavailable } from "./errors.ts";
export { type Cursor, decodeCursor, encodeCursor } from "./hub/cursor.ts";
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
} from "./hub/hub.ts";
export { createPublisher, type ProgressedEvent, type Publisher } from "./pubsub/publisher.ts";
export {
  createSubscriber,
  type OwnerListener,
  type OwnerWatch,
  type Release,
  type Subscriber,
} from "./pubsub/subscriber.ts";
export { createRedis, type Redis, type RedisPolicy, whenReady } from "./redis/client.ts";
export { type ConnectionHealth, evictionPolicy, watchConnection } from "./redis/connection-health.ts";
export { createKeys, type Keys } from "./redis/keys.ts";
export { createQueue, type Queue, type QueueEntry, type TakeAnswer, type TakeRequest } from "./turns/queue.ts";
