import type { ConnectionHealth } from "@darkroom/queue";
import { Counter, Gauge, type Registry } from "@prometheus-io/client";

/** Tells how a process' connections to Redis are, by what each is for. */
export function addRedisMetrics(
  registry: Registry,
  connections: Readonly<Record<string, () => ConnectionHealth>>,
): void {
  new Gauge({
    name: "darkroom_redis_up",
    help: "1 while the connection to Redis is there, by what it is for.",
    labelNames: ["connection"],
    registers: [registry],
    collect() {
      for (const [connection, health] of Object.entries(connections)) this.set({ connection }, health().isUp ? 1 : 0);
    },
  });
  new Counter({
    name: "darkroom_redis_reconnects_total",
    help: "How often the connection to Redis came back.",
    labelNames: ["connection"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [connection, health] of Object.entries(connections)) this.inc({ connection }, health().reconnects);
    },
  });
  new Gauge({
    name: "darkroom_redis_last_error_timestamp_seconds",
    help: "When the connection to Redis last failed, and how.",
    labelNames: ["connection", "code"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [connection, health] of Object.entries(connections)) {
        const { lastError } = health();
        if (lastError !== null) this.set({ connection, code: lastError.code }, lastError.at.getTime() / 1000);
      }
    },
  });
}
