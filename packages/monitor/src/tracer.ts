import type { ProcessTracer, TracerOptions } from "./span-tracer.ts";

const off: ProcessTracer = { isOn: false, step: () => undefined, stop: async () => undefined };

/** The tracer of this process. OpenTelemetry is loaded only where somebody collects: it costs start time and memory. */
export async function createTracer({
  endpoint,
  ...options
}: Omit<TracerOptions, "endpoint"> & {
  /** Undefined: nobody collects. */
  readonly endpoint: string | undefined;
}): Promise<ProcessTracer> {
  if (endpoint === undefined) return off;
  const { createSpanTracer } = await import("./span-tracer.ts");
  return createSpanTracer({ endpoint, ...options });
}
