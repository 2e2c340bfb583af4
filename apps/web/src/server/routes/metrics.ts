import { type Database, queueStats } from "@darkroom/db";
import { addRedisMetrics, type Waits } from "@darkroom/monitor";
import type { ConnectionHealth, Hub } from "@darkroom/queue";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "@prometheus-io/client";
import type { Connection, Connections } from "../connections/connections.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** `GET /metrics`, in Prometheus' text format. */
export async function metrics({ response }: Exchange, { metrics: registry }: HttpParts): Promise<void> {
  response.writeHead(200, { "content-type": registry.contentType, "cache-control": "private, no-store" });
  response.end(await registry.metrics());
}

/** What `GET /metrics` tells. Nearly everything is read when it is asked for; the rest is noted here. */
export interface Metrics {
  readonly registry: Registry;
  /** The round trip of a ping over a socket, in milliseconds. */
  ponged(ms: number): void;
  /** How long a durable event took from its transaction to this process, in milliseconds. */
  delayed(ms: number): void;
}

export function createMetrics(parts: {
  /** A label of every metric. */
  readonly instanceId: string;
  readonly database: Database;
  readonly hub: Hub;
  readonly connections: Connections;
  /** By what the connection is for. */
  readonly redis: Readonly<Record<string, () => ConnectionHealth>>;
  readonly waits: Waits;
}): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ instance_id: parts.instanceId });
  // By default it looks at the event loop up to a hundred times a second, which was a quarter of what an idle process used. How busy the
  // loop was is counted without gaps however seldom it is noted.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 250, eventLoopUtilizationTimeout: 5000 });
  addConnections(registry, parts.connections);
  addRedisMetrics(registry, parts.redis);
  parts.waits.addTo(registry);
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
  addHub(registry, parts.hub);
  const pings = new Histogram({
    name: "darkroom_socket_ping_seconds",
    help: "Round trips of pings over WebSocket connections.",
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const delays = new Histogram({
    name: "darkroom_event_delay_seconds",
    help: "From the transaction of a durable event to its arrival in this process, by the clocks of both machines.",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  return {
    registry,
    ponged: (ms) => pings.observe(ms / 1000),
    delayed: (ms) => delays.observe(ms / 1000),
  };
}

function addHub(registry: Registry, hub: Hub): void {
  new Gauge({
    name: "darkroom_events_buffered",
    help: "Events that wait for a slow reader.",
    registers: [registry],
    collect() {
      this.set(hub.stats().buffered);
    },
  });
  const counters = [
    {
      name: "darkroom_hub_gaps_total",
      help: "Durable events that came out of order or too late, so that Postgres was read.",
      of: "gaps",
    },
    {
      name: "darkroom_hub_overflows_total",
      help: "Readers that were so slow that they read on from Postgres.",
      of: "overflows",
    },
  ] as const;
  for (const { name, help, of } of counters) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(hub.stats()[of]);
      },
    });
  }
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
