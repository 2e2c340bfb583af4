import type { Raster } from "../painting/raster.ts";
import { NodeFailure } from "./node-type.ts";

/** What a LATENT link carries: pictures that are yet to be painted, or painted already. */
export interface Latent {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** The encoded or sampled pictures; null in an empty latent. */
  readonly frames: readonly Raster[] | null;
  /** Where to paint; everywhere if null. */
  readonly mask: Raster | null;
}

export interface Model {
  readonly name: string;
  /** What a LoRA makes of it. */
  readonly style?: string;
}

export interface Conditioning {
  readonly text: string;
}

/** @throws NodeFailure with what ComfyUI's own code says of anything else */
export function latentOf(value: unknown): Latent {
  if (typeof value === "object" && value !== null && "count" in value && "frames" in value) return value as Latent;
  throw new NodeFailure("TypeError", "'NoneType' object is not subscriptable");
}

/** @throws NodeFailure with what ComfyUI's own code says of anything else */
export function modelOf(value: unknown): Model {
  if (typeof value === "object" && value !== null && "name" in value) return value as Model;
  throw new NodeFailure("AttributeError", "'NoneType' object has no attribute 'model'");
}

export function conditioningOf(value: unknown): Conditioning {
  if (typeof value === "object" && value !== null && "text" in value) return value as Conditioning;
  throw new NodeFailure("TypeError", "'NoneType' object is not iterable");
}
