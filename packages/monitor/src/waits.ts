import { Histogram, type Registry } from "@prometheus-io/client";

/** How long a process waits for Postgres and Redis. */
export interface Waits {
  /** `connection`: until a transaction had a connection of the pool; `answer`: from a query's call to its answer. */
  readonly postgres: (what: "connection" | "answer", ms: number) => void;
  /** From a command's call to its answer. */
  readonly redis: (ms: number) => void;
  addTo(registry: Registry): void;
}

/** Before there is a registry, because what waits is made before what tells of it. */
export function createWaits(): Waits {
  const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
  const postgres = new Histogram({
    name: "darkroom_postgres_wait_seconds",
    help: "What this process waited for Postgres: for a connection of its pool to begin a transaction, and for the answer to a query.",
    labelNames: ["for"],
    buckets,
    registers: [],
  });
  const redis = new Histogram({
    name: "darkroom_redis_command_seconds",
    help: "From the call of a command of Redis to its answer.",
    buckets,
    registers: [],
  });
  return {
    postgres: (what, ms) => postgres.observe({ for: what }, ms / 1000),
    redis: (ms) => redis.observe(ms / 1000),
    addTo: (registry) => {
      registry.registerMetric(postgres);
      registry.registerMetric(redis);
    },
  };
}
