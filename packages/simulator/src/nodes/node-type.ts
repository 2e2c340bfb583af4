import type { Raster } from "../painting/raster.ts";
import type { Graph } from "../protocol/graph.ts";
import type { Site } from "../site/site.ts";

/** An input as `object_info` shows it: a type name or a list of choices, and options. */
export type InputSpec = readonly [type: string | readonly unknown[], options?: Readonly<Record<string, unknown>>];

export interface NodeInputs {
  readonly required: Readonly<Record<string, InputSpec>>;
  readonly optional?: Readonly<Record<string, InputSpec>>;
  /** A list where the newer interface declares it. */
  readonly hidden?: Readonly<Record<string, string | readonly string[]>>;
}

/** What a node can do while it runs. */
export interface NodeContext extends Site {
  /** Begins the ids of the nodes that this one expands into. */
  readonly expansionPrefix: string;
  readonly graph: unknown;
  readonly extraData: Readonly<Record<string, unknown>>;
  /** Settings of the simulator, read when needed: they can change while a node runs. */
  readonly stepMs: () => number;
  readonly loadMs: () => number;
  /** Waits; shortened by the simulator's speed. */
  sleep(ms: number): Promise<void>;
  /** Like ComfyUI's progress bar: checks for an interrupt, then reports. Throws Interrupted. */
  progress(
    value: number,
    max: number,
    preview?: { image: Buffer; mimeType: "image/jpeg" | "image/png" },
  ): Promise<void>;
  /** A line for whoever watches the node. */
  say(text: string): void;
  /** Throws Interrupted if an interrupt waits. */
  checkInterrupt(): void;
  /** Loads a model unless it is the one of its kind in memory. */
  useModel(kind: ModelKind, name: string): Promise<void>;
}

/** One of each has room in memory. */
export type ModelKind = "checkpoint" | "upscaler";

export interface NodeResult {
  /** One value per output slot; an array of values where the slot is a list. */
  readonly values: readonly unknown[];
  /** What `executed` and the history show. */
  readonly ui?: Readonly<Record<string, readonly unknown[]>>;
  /** Nodes to run in its place, by id; `values` then links to them. */
  readonly expand?: Graph;
}

export type Values = Readonly<Record<string, unknown>>;

export interface NodeType {
  readonly displayName?: string;
  readonly description?: string;
  readonly category: string;
  readonly inputs: (site: Site) => NodeInputs;
  /** Types; some older classes give out a list of choices in place of one. */
  readonly outputs: readonly InputSpec[0][];
  readonly outputNames?: readonly string[];
  readonly outputIsList?: readonly boolean[];
  readonly outputNode?: boolean;
  /** Part of the cache key besides the inputs; NaN: never cached. */
  readonly changed?: (values: Values, site: Site) => string | number;
  /** Replaces the range and choice checks of the named inputs. A text is the reason for refusing. */
  readonly validate?: { readonly input: string; readonly check: (value: unknown, site: Site) => string | null };
  run(values: Values, context: NodeContext): NodeResult | Promise<NodeResult>;
}

export type NodeLibrary = Readonly<Record<string, NodeType>>;

/** An exception of a node, with its Python name. */
export class NodeFailure extends Error {
  readonly pythonName: string;
  /** Follows the newline that ComfyUI puts after the message. */
  readonly advice: string;

  constructor(pythonName: string, message: string, advice = "") {
    super(message);
    this.pythonName = pythonName;
    this.advice = advice;
  }
}

/** What PyTorch throws when the memory of the device is used up. */
export function outOfMemory(message: string): NodeFailure {
  return new NodeFailure(
    "torch.OutOfMemoryError",
    message,
    "This error means you ran out of memory on your GPU.\n\nTIPS: If the workflow worked before you might have accidentally set the batch_size to a large number.",
  );
}

/** Ends a node that was told to stop while it ran. */
export class Interrupted extends Error {}

/** An output that was blocked: whatever consumes it does not run. */
export class Blocker {
  readonly message: string | null;

  constructor(message: string | null) {
    this.message = message;
  }
}

/** A batch of pictures: what an IMAGE link carries. */
export interface Pictures {
  readonly frames: readonly Raster[];
}

/** @throws NodeFailure with what ComfyUI's own code says of anything else */
export function picturesOf(value: unknown): readonly Raster[] {
  if (typeof value === "object" && value !== null && "frames" in value && Array.isArray(value.frames)) {
    return value.frames;
  }
  throw new NodeFailure("AttributeError", "'NoneType' object has no attribute 'shape'");
}

export function numberOf(value: unknown, fallback = 0): number {
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : fallback;
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
