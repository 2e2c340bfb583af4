import { t, tPlural } from "../../language/say.ts";
import type { BackendView } from "../../trpc/hooks/operators/use-ops.ts";

export interface Device {
  readonly name: string;
  /** Of its memory, in bytes; null where the server does not say. */
  readonly total: number | null;
  readonly free: number | null;
}

/** The first device of a backend's stats. */
export function deviceOf(stats: BackendView["stats"]): Device | null {
  const devices: unknown = stats?.devices;
  const first: unknown = Array.isArray(devices) ? devices[0] : undefined;
  if (typeof first !== "object" || first === null) return null;
  const facts = first as Record<string, unknown>;
  const number = (key: string): number | null => (typeof facts[key] === "number" ? facts[key] : null);
  return {
    name: String(facts.name ?? t`device`),
    total: number("vramTotalBytes"),
    free: number("vramFreeBytes"),
  };
}

/** The files of a model key, which names one per line as `class.input=file`. */
export function filesOf(modelKey: string): string[] {
  return modelKey.split("\n").map((line) => line.slice(line.indexOf("=") + 1));
}

/** ComfyUI's own queue in words: `1 running, 2 waiting`. */
export function promptsText({ running, pending }: { readonly running: number; readonly pending: number }): string {
  if (running + pending === 0) return t`idle`;
  return pending === 0 ? tPlural(running, "{0} running", "{0} running") : t`${running} running, ${pending} waiting`;
}
