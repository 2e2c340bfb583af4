import { type Database, queueStats } from "@darkroom/db";
import type { Hub } from "@darkroom/queue";
import { collectDefaultMetrics, Gauge, Registry } from "@prometheus-io/client";
import type { SocketServer } from "./websocket.ts";

/** The registry behind `GET /metrics`; gauges are read when they are asked for. */
export function createMetrics(parts: { database: Database; hub: Hub; sockets: SocketServer }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "darkroom_sockets",
    help: "Open WebSocket connections of this process.",
    registers: [registry],
    collect() {
      this.set(parts.sockets.connections().length);
    },
  });
  new Gauge({
    name: "darkroom_subscriptions",
    help: "Event subscriptions of this process.",
    registers: [registry],
    collect() {
      this.set(parts.hub.stats().subscriptions);
    },
  });
  new Gauge({
    name: "darkroom_jobs",
    help: "Jobs that have not ended, by state.",
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      const { waiting, running, canceling } = await queueStats(parts.database);
      this.set({ state: "queued" }, waiting);
      this.set({ state: "running" }, running);
      this.set({ state: "canceling" }, canceling);
    },
  });
  return registry;
}
