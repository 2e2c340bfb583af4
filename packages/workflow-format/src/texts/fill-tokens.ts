import type { Graph } from "@darkroom/contracts";
import { isExactInteger } from "@darkroom/contracts";

/**
 * `%date:yyyy-MM-dd%` and `%KSampler.seed%` in the name of a file, as the editor fills them in (frontend 1.45.0): a node by its
 * class, else by its title, and its value with `_` for what a file's name cannot hold. What leads nowhere stays, as do
 * `%width%` and the like, which the server fills in. Dates are in UTC.
 */
export function fillTokens(text: string, graph: Graph, now: Date): string {
  return text.replaceAll(/%([^%]+)%/g, (token, inner: string) => {
    if (inner.startsWith("date:")) return formatDate(inner.slice(5), now);
    const [name, input, ...rest] = inner.split(".");
    if (name === undefined || input === undefined || rest.length > 0) return token;
    const value = valueAt(graph, name, input);
    return value === null ? token : value.replaceAll(/[/?<>\\:*|"\p{Cc}]/gu, "_");
  });
}

function valueAt(graph: Graph, name: string, input: string): string | null {
  const nodes = Object.values(graph);
  const node =
    nodes.find(({ class_type }) => class_type === name) ?? nodes.find(({ _meta }) => _meta?.title === name) ?? null;
  const value = node !== null && Object.hasOwn(node.inputs, input) ? node.inputs[input] : undefined;
  if (isExactInteger(value)) return value.$integer;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

/** `y`, `M`, `d`, `h`, `m` and `s`, each as many digits as it is written times; of a year the last two, or all of it. */
function formatDate(format: string, now: Date): string {
  const parts: Readonly<Record<string, number>> = {
    M: now.getUTCMonth() + 1,
    d: now.getUTCDate(),
    h: now.getUTCHours(),
    m: now.getUTCMinutes(),
    s: now.getUTCSeconds(),
  };
  return format.replaceAll(/yyyy|yy|MM?|dd?|hh?|mm?|ss?/g, (part) => {
    if (part.startsWith("y")) return String(now.getUTCFullYear()).slice(-part.length);
    return String(parts[part.charAt(0)]).padStart(part.length, "0");
  });
}
