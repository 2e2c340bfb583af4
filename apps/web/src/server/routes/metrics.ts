import { type Database, queueStats } from "@darkroom/db";
import type { ConnectionHealth, Hub } from "@darkroom/queue";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "@prometheus-io/client";
import type { Connection, Connections } from "../connections/connections.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** `GET /metrics`, in Prometheus' text format. */
export async function metrics({ response }: Exchange, { metrics: registry }: HttpParts): Promise<void> {
  response.writeHead(200, { "content-type": registry.contentType, "cache-control": "private, no-store" });
  response.end(await registry.metrics());
}

/** The registry behind `GET /metrics`; everything is read when it is asked for. */
export function createMetrics(parts: {
  readonly database: Database;
  readonly hub: Hub;
  readonly connections: Connections;
  /** By what the connection is for. */
  readonly redis: Readonly<Record<string, () => ConnectionHealth>>;
}): Registry {
  const registry = new Registry();
  // By default it looks at the event loop ten times a second and more, which was a quarter of what an idle process used.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100, eventLoopUtilizationTimeout: 1000 });
  addConnections(registry, parts.connections);
  addRedis(registry, parts.redis);
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

function addConnections(registry: Registry, connections: Connections): void {
  const open = (transport: Connection["transport"]): number =>
    connections.all().filter(({ connection }) => connection.transport === transport).length;
  new Gauge({
    name: "darkroom_sockets",
    help: "Open WebSocket connections of this process.",
    registers: [registry],
    collect() {
      this.set(open("ws"));
    },
  });
  new Gauge({
    name: "darkroom_event_streams",
    help: "Open streams of server-sent events of this process.",
    registers: [registry],
    collect() {
      this.set(open("sse"));
    },
  });
  new Counter({
    name: "darkroom_sockets_opened_total",
    help: "WebSocket connections and event streams that were accepted.",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(connections.counts().opened);
    },
  });
  new Counter({
    name: "darkroom_sockets_closed_total",
    help: "WebSocket connections and event streams that ended, by close code; 1006 broke.",
    labelNames: ["code"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [code, count] of connections.counts().closed) this.inc({ code }, count);
    },
  });
  new Counter({
    name: "darkroom_upgrades_refused_total",
    help: "Upgrades and event streams that were refused, by the status they were answered with.",
    labelNames: ["status"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [status, count] of connections.counts().refused) this.inc({ status }, count);
    },
  });
}

function addRedis(registry: Registry, connections: Readonly<Record<string, () => ConnectionHealth>>): void {
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
