import { type Database, queueStats } from "@darkroom/db";
import type { ConnectionHealth, Hub } from "@darkroom/queue";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "@prometheus-io/client";
import type { SocketServer } from "../websocket/socket-server.ts";

/** The registry behind `GET /metrics`; gauges are read when they are asked for. */
export function createMetrics(parts: {
  readonly database: Database;
  readonly hub: Hub;
  readonly sockets: SocketServer;
  /** By what the connection is for. */
  readonly redis: Readonly<Record<string, () => ConnectionHealth>>;
}): Registry {
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
  new Counter({
    name: "darkroom_sockets_opened_total",
    help: "WebSocket connections that were accepted.",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(parts.sockets.counts().opened);
    },
  });
  new Counter({
    name: "darkroom_sockets_closed_total",
    help: "WebSocket connections that ended, by close code; 1006 broke.",
    labelNames: ["code"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [code, count] of parts.sockets.counts().closed) this.inc({ code }, count);
    },
  });
  new Counter({
    name: "darkroom_upgrades_refused_total",
    help: "Upgrades that became no socket, by the status they were answered with.",
    labelNames: ["status"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [status, count] of parts.sockets.counts().refused) this.inc({ status }, count);
    },
  });
  new Gauge({
    name: "darkroom_redis_up",
    help: "1 while the connection to Redis is there, by what it is for.",
    labelNames: ["connection"],
    registers: [registry],
    collect() {
      for (const [connection, health] of Object.entries(parts.redis)) this.set({ connection }, health().isUp ? 1 : 0);
    },
  });
  new Counter({
    name: "darkroom_redis_reconnects_total",
    help: "How often the connection to Redis came back.",
    labelNames: ["connection"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [connection, health] of Object.entries(parts.redis)) this.inc({ connection }, health().reconnects);
    },
  });
  new Gauge({
    name: "darkroom_redis_last_error_timestamp_seconds",
    help: "When the connection to Redis last failed, and how.",
    labelNames: ["connection", "code"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [connection, health] of Object.entries(parts.redis)) {
        const { lastError } = health();
        if (lastError !== null) this.set({ connection, code: lastError.code }, lastError.at.getTime() / 1000);
      }
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
