import type { Silence } from "../media/silence.ts";
import type { Raster } from "../painting/raster.ts";
import type { Latent } from "./latent.ts";
import { type Pictures, textOf } from "./node-type.ts";

/** What a node was given, or what a stand-in holds of it. */
export type Fields = Readonly<Record<string, unknown>>;

/** A named value, also inside what other stand-ins hold. */
export function find(values: Fields, name: string, depth = 3): unknown {
  if (values[name] !== undefined && values[name] !== null) return values[name];
  if (depth === 0) return undefined;
  for (const bag of Object.values(values).filter(isBag)) {
    const inside = find(bag, name, depth - 1);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** The first value of a kind, the inputs themselves before what is inside them. */
export function search<Kind>(values: Fields, is: (value: unknown) => value is Kind, depth = 3): Kind | undefined {
  const own = Object.values(values).find(is);
  if (own !== undefined || depth === 0) return own;
  for (const bag of Object.values(values).filter(isBag)) {
    const inside = search(bag, is, depth - 1);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** The words among the inputs. */
export function texts(values: Fields): string[] {
  return Object.entries(values).flatMap(([input, value]) =>
    typeof value === "string" && /text|prompt|positive|string|value|t5xxl|clip_[lg]|lyrics|tags|bottom|top/.test(input)
      ? [value]
      : [],
  );
}

/** 0 without one. */
export function firstNumber(values: Fields): number | bigint {
  const found = Object.values(values).find((value) => typeof value === "number" || typeof value === "bigint");
  return (found as number | bigint | undefined) ?? 0;
}

/** The file that a loader names, else the name that it was handed. */
export function fileName(values: Fields): string {
  const file = Object.values(values).find((value) => typeof value === "string" && /\.\w+$/.test(value));
  return textOf(file ?? find(values, "name")) || "stand-in";
}

/** What guides a sampler, of conditioning or of a text. */
export function conditioning(value: unknown): { readonly text: string } | undefined {
  if (typeof value === "string") return { text: value };
  return typeof value === "object" && value !== null && "text" in value && typeof value.text === "string"
    ? (value as { text: string })
    : undefined;
}

function isBag(value: unknown): value is Fields {
  const isPlain = typeof value === "object" && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
  return isPlain && !isLatent(value) && !isPictures(value) && !isMask(value);
}

export function isLatent(value: unknown): value is Latent {
  return typeof value === "object" && value !== null && "count" in value && "frames" in value;
}

export function isPictures(value: unknown): value is Pictures {
  return (
    typeof value === "object" &&
    value !== null &&
    "frames" in value &&
    !("count" in value) &&
    Array.isArray(value.frames)
  );
}

/** What SVG links carry. */
export interface Drawing {
  readonly svg: string;
}

export function isDrawing(value: unknown): value is Drawing {
  return typeof value === "object" && value !== null && "svg" in value && typeof value.svg === "string";
}

export function isMask(value: unknown): value is Raster {
  return typeof value === "object" && value !== null && "channels" in value && value.channels === 1;
}

export function isSilence(value: unknown): value is Silence {
  return typeof value === "object" && value !== null && "sampleRate" in value;
}

export function isNamed(value: unknown): value is { readonly name: string } {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}
