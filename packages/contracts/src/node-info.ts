import type { Choice } from "./workflow.ts";

/** An input of a node class, as `object_info` declares it. Its choices stand in the {@link NodeCatalog} too, as texts. */
export interface NodeInput {
  /** ComfyUI's type: `INT`, `FLOAT`, `STRING`, `BOOLEAN`, `COMBO`, or what a link must carry. */
  readonly type: string;
  readonly required: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly default?: string | number | boolean;
  /** What a combo takes, each with its own type; left out where all of them are texts. */
  readonly choices?: readonly Choice[];
  /** A text of several lines. */
  readonly multiline?: true;
  /** ComfyUI's own form draws a new one for each run: a seed. */
  readonly drawn?: true;
  /** Names a file that was uploaded. */
  readonly upload?: true;
}

/** A node class of a backend. */
export interface NodeFacts {
  /** What ComfyUI's own interface calls it. */
  readonly title: string;
  /** The Python module it comes from: `nodes`, `comfy_extras.…`, `custom_nodes.…`. */
  readonly module: string;
  /** True if ComfyUI runs a graph for its sake. */
  readonly outputNode: boolean;
  /** The type of each output slot. */
  readonly outputs: readonly string[];
  readonly inputs: Readonly<Record<string, NodeInput>>;
}

/** A backend's node classes with everything a graph can be checked against; read only to check and import. */
export type NodeInfo = Readonly<Record<string, NodeFacts>>;
