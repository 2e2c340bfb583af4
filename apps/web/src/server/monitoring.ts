import type { Monitor } from "@darkroom/api";
import type { Database } from "@darkroom/db";
import { createTasks, startLooking, startReporter, type Tasks, type Waits } from "@darkroom/monitor";
import {
  type ConnectionHealth,
  createInstances,
  createTopics,
  type Hub,
  type Instances,
  type Keys,
  type Publisher,
  type Redis,
  redisMemory,
  type Subscriber,
} from "@darkroom/queue";
import type { Storage } from "@darkroom/storage";
import type { Logger } from "pino";
import { type Connections, createConnections } from "./connections/connections.ts";
import { createWebInstance } from "./connections/instance.ts";
import { createSharedCounts } from "./connections/shared-counts.ts";
import { createMetrics, type Metrics } from "./routes/metrics.ts";

/** What this process tells of itself and learns of the others. */
export interface Monitoring {
  /** What procedures answer operators from. */
  readonly monitor: Monitor;
  /** What this process does again and again, each with how it went last. */
  readonly tasks: Tasks;
  readonly instances: Instances;
  /** Those that are open here, counted over all processes. */
  readonly connections: Connections;
  readonly metrics: Metrics;
  /** Ends what looks at the system, and takes this process back from among those that live. */
  stop(): Promise<void>;
}

/** Begins to tell the others how this process is, and to look after the system in its turn. */
export function startMonitoring(parts: {
  readonly instanceId: string;
  readonly database: Database;
  readonly redis: Redis;
  readonly redisHealth: Readonly<Record<string, () => ConnectionHealth>>;
  readonly subscriber: Subscriber;
  readonly keys: Keys;
  readonly publisher: Publisher;
  readonly hub: Hub;
  readonly storage: Pick<Storage, "freeBytes">;
  readonly waits: Waits;
  readonly limits: Parameters<typeof createConnections>[0];
  readonly log: Logger;
}): Monitoring {
  const { instanceId, database, redis, redisHealth, subscriber, keys, publisher, hub, storage, waits, log } = parts;
  const tasks = createTasks();
  const instances = createInstances(redis, keys);
  const topics = createTopics({ redis, subscriber, keys });
  const instance = createWebInstance({
    ...{ instanceId, hub, storage, redis: redisHealth, tasks },
    connections: () => connections,
  });
  const reporter = startReporter({ instances, publisher, told: instance.told });
  // After a restart of Redis it has forgotten everybody.
  redis.on("ready", () => {
    reporter.doubt();
    reporter.changed();
  });
  const connections = createConnections(parts.limits, createSharedCounts(instances, instanceId, reporter));
  const memory = () => redisMemory(redis);
  const looked = startLooking({
    ...{ instanceId, database, instances, topics, publisher, tasks, log },
    redisMemory: memory,
  });
  return {
    monitor: { instanceId, topics, instances, own: instance.told, flush: reporter.flush, redisMemory: memory },
    tasks,
    instances,
    connections,
    metrics: createMetrics({ instanceId, database, hub, connections, redis: redisHealth, waits }),
    async stop() {
      topics.close();
      await looked.stop();
      await reporter.stop();
    },
  };
}
