import type { Folders } from "../folders.ts";
import type { Raster } from "../painting/raster.ts";

/** An input as `object_info` shows it: a type name or a list of choices, and options. */
export type InputSpec = readonly [type: string | readonly string[], options?: Readonly<Record<string, unknown>>];

export interface NodeInputs {
  readonly required: Readonly<Record<string, InputSpec>>;
  readonly optional?: Readonly<Record<string, InputSpec>>;
  readonly hidden?: Readonly<Record<string, string>>;
}

/** Installed model files by folder name. */
export type Models = Readonly<Record<string, readonly string[]>>;

/** What a node can see of the server when it is described or validated. */
export interface NodeSite {
  readonly folders: Folders;
  readonly models: Models;
}

/** What a node can do while it runs. */
export interface NodeContext extends NodeSite {
  readonly graph: unknown;
  readonly extraData: Readonly<Record<string, unknown>>;
  /** Settings of the simulator, read when needed: they can change while a node runs. */
  readonly stepMs: () => number;
  readonly loadMs: () => number;
  /** Waits; shortened by the simulator's speed. */
  sleep(ms: number): Promise<void>;
  /** Like ComfyUI's progress bar: checks for an interrupt, then reports. Throws Interrupted. */
  progress(value: number, max: number, preview?: { image: Buffer; mimeType: "image/jpeg" | "image/png" }): void;
  /** Throws Interrupted if an interrupt waits. */
  checkInterrupt(): void;
  /** Loads a model unless it is the one in memory. */
  useModel(name: string): Promise<void>;
}

export interface NodeResult {
  /** One value per output slot; an array of values where the slot is a list. */
  readonly values: readonly unknown[];
  /** What `executed` and the history show. */
  readonly ui?: Readonly<Record<string, readonly unknown[]>>;
}

export type Values = Readonly<Record<string, unknown>>;

export interface NodeType {
  readonly displayName?: string;
  readonly description?: string;
  readonly category: string;
  readonly inputs: (site: NodeSite) => NodeInputs;
  readonly outputs: readonly string[];
  readonly outputNames?: readonly string[];
  readonly outputIsList?: readonly boolean[];
  readonly outputNode?: boolean;
  /** Part of the cache key besides the inputs; NaN: never cached. */
  readonly changed?: (values: Values, site: NodeSite) => string | number;
  /** Replaces the range and choice checks of the named inputs. A text is the reason for refusing. */
  readonly validate?: { readonly input: string; readonly check: (value: unknown, site: NodeSite) => string | null };
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

export function picturesOf(value: unknown): readonly Raster[] {
  if (typeof value === "object" && value !== null && "frames" in value && Array.isArray(value.frames)) {
    return value.frames;
  }
  throw new NodeFailure("AttributeError", "'NoneType' object has no attribute 'shape'");
}

export function numberOf(value: unknown, fallback = 0): number {
  return typeof value === "number" ? value : fallback;
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
