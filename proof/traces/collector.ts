import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** One span, as a collector of OpenTelemetry is sent it. */
export interface CollectedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Collector {
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** Resolves once a span of each of these names is there. */
  until(...names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** `ExportTraceServiceRequest` of OTLP 1, as far as it is read. */
interface Payload {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Sent[] }[];
  }[];
}
interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string; readonly boolValue?: boolean };
}
interface Sent {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
}

const valuesOf = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.boolValue]));

const msOf = (nanoseconds: string): number => Number(BigInt(nanoseconds) / 1000n) / 1000;

/** An OTLP collector over HTTP, which keeps what it is sent. */
export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const news = new EventEmitter();
  const server = createServer(async (request, response) => {
    const payload = (await json(request)) as Payload;
    for (const { resource, scopeSpans } of payload.resourceSpans) {
      const service = String(valuesOf(resource.attributes)["service.name"]);
      for (const sent of scopeSpans.flatMap((scope) => scope.spans)) {
        const { traceId, spanId, parentSpanId = null, name } = sent;
        const times = { startMs: msOf(sent.startTimeUnixNano), endMs: msOf(sent.endTimeUnixNano) };
        spans.push({ service, traceId, spanId, parentSpanId, name, ...times, facts: valuesOf(sent.attributes) });
      }
    }
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
    news.emit("spans");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    until: async (...names) => {
      while (!names.every((name) => spans.some((span) => span.name === name))) await once(news, "spans");
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/**
 * How much of the time is on the critical path: what is covered by the steps, each counted only from where the one before it had
 * ended.
 */
export function criticalPathMs(spans: readonly CollectedSpan[]): number {
  let reachedMs = 0;
  let pathMs = 0;
  for (const { startMs, endMs } of [...spans].sort((one, other) => one.startMs - other.startMs)) {
    if (endMs <= reachedMs) continue;
    pathMs += endMs - Math.max(startMs, reachedMs);
    reachedMs = endMs;
  }
  return pathMs;
}
