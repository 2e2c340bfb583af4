import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { createCooldown, type Step, type Tracer } from "@darkroom/contracts";
import { DiagLogLevel, diag, ROOT_CONTEXT, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type IdGenerator, RandomIdGenerator, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Log } from "./log.ts";

/** A process' tracer. */
export interface ProcessTracer extends Tracer {
  /** Sends what is not sent yet, and ends. Never rejects. */
  stop(): Promise<void>;
}

export interface TracerOptions {
  /** Base address of an OTLP collector over HTTP, such as `http://127.0.0.1:4318`. */
  readonly endpoint: string;
  readonly service: "darkroom-web" | "darkroom-worker";
  readonly instanceId: string;
  readonly log: Log;
}

const digest = (text: string, length: number): string =>
  createHash("sha256").update(text).digest("hex").slice(0, length);

/** The id of a request's trace: a UUID as it is, anything else as a hash of it. Every process makes the same of it. */
export function traceIdOf(requestId: string): string {
  const hex = requestId.replaceAll("-", "").toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex) ? hex : digest(requestId, 32);
}

/** The id of the span of the click, which all processes name as the parent of theirs. */
const clickSpanOf = (traceId: string): string => digest(traceId, 16);

/** Random ids but for a click, whose ids follow from its request. */
class SpanIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  next: { readonly traceId: string; readonly spanId: string } | null = null;
  generateTraceId = (): string => this.next?.traceId ?? this.#random.generateTraceId();
  generateSpanId = (): string => this.next?.spanId ?? this.#random.generateSpanId();
}

/** Notes each step as a span, sent in batches to the collector at `endpoint`. */
export function createSpanTracer({ endpoint, service, instanceId, log }: TracerOptions): ProcessTracer {
  sayFailures(log);
  const ids = new SpanIds();
  const provider = new TracerProvider({
    idGenerator: ids,
    resource: resourceFromAttributes({
      "service.name": service,
      "service.instance.id": instanceId,
      "host.name": hostname(),
      "process.pid": process.pid,
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, "")}/v1/traces` }),
        scheduledDelayMillis: 1000,
      }),
    ],
  });
  const tracer = provider.getTracer("darkroom");
  return {
    isOn: true,
    step: (requestId, { name, startMs, endMs, facts, error }: Step) => {
      const traceId = traceIdOf(requestId);
      const click = { traceId, spanId: clickSpanOf(traceId), traceFlags: TraceFlags.SAMPLED, isRemote: true };
      const isClick = name === "click";
      ids.next = isClick ? click : null;
      const parent = isClick ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, click);
      const span = tracer.startSpan(name, { startTime: startMs, attributes: { requestId, ...facts } }, parent);
      ids.next = null;
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end(endMs);
    },
    stop: () =>
      provider.shutdown().catch((error: unknown) => log.warn({ err: error }, "the last spans could not be sent")),
  };
}

/** A collector that is away is said once a minute: each batch would say so. */
function sayFailures(log: Log): void {
  const isNews = createCooldown(60_000);
  const say = (message: string): void => {
    if (isNews("")) log.warn({ reason: message }, "spans could not be sent; the rest goes on");
  };
  const quiet = (): void => undefined;
  diag.setLogger({ error: say, warn: say, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN);
}
