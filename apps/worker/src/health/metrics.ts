import type { FrameCounts } from "@darkroom/comfyui";
import { addRedisMetrics, type Waits } from "@darkroom/monitor";
import type { ConnectionHealth } from "@darkroom/queue";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "@prometheus-io/client";
import type { Outcome } from "../attempt/outcome.ts";

/** What the worker counts, in Prometheus' terms. */
export interface Metrics {
  readonly contentType: string;
  attemptEnded(backend: string, outcome: Outcome["type"], seconds: number): void;
  /** The text of `/metrics`. */
  text(): Promise<string>;
}

/** `gauges` is asked at each scrape; `workerId` is a label of every metric. */
export function createMetrics(
  {
    workerId,
    redis,
    waits,
  }: {
    readonly workerId: string;
    readonly redis: Readonly<Record<string, () => ConnectionHealth>>;
    readonly waits: Waits | undefined;
  },
  gauges: () => {
    readonly running: number;
    readonly slots: number;
    readonly backends: ReadonlyMap<string, boolean>;
    readonly frames: ReadonlyMap<string, FrameCounts>;
  },
): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ instance_id: workerId });
  addRedisMetrics(registry, redis);
  waits?.addTo(registry);
  const registers = [registry];
  // By default it looks at the event loop up to a hundred times a second, which was a quarter of what an idle process used. How busy the
  // loop was is counted without gaps however seldom it is noted.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 250, eventLoopUtilizationTimeout: 5000 });
  const attempts = new Counter({
    name: "darkroom_attempts_total",
    help: "Attempts that ended, by backend and outcome",
    labelNames: ["backend", "outcome"],
    registers,
  });
  const seconds = new Histogram({
    name: "darkroom_attempt_seconds",
    help: "From claim to settlement",
    labelNames: ["backend"],
    buckets: [0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640],
    registers,
  });
  const running = new Gauge({ name: "darkroom_jobs_running", help: "Jobs this worker runs now", registers });
  const slots = new Gauge({ name: "darkroom_slots_held", help: "Slots this worker holds now", registers });
  const up = new Gauge({
    name: "darkroom_backend_up",
    help: "1 if the ComfyUI server answers",
    labelNames: ["backend"],
    registers,
  });
  const frames = new Counter({
    name: "darkroom_comfyui_frames_total",
    help: "Frames from ComfyUI, by what became of them: delivered, foreign (somebody else's prompt), unknown, malformed",
    labelNames: ["backend", "kind"],
    registers,
  });
  return {
    contentType: registry.contentType,
    attemptEnded: (backend, outcome, duration) => {
      attempts.inc({ backend, outcome });
      seconds.observe({ backend }, duration);
    },
    text: () => {
      const now = gauges();
      running.set(now.running);
      slots.set(now.slots);
      for (const [backend, isUp] of now.backends) up.set({ backend }, isUp ? 1 : 0);
      // Counted where they come in; here only the sums are told.
      frames.reset();
      for (const [backend, counts] of now.frames)
        for (const [kind, count] of Object.entries(counts)) frames.inc({ backend, kind }, count);
      return registry.metrics();
    },
  };
}
