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
  /** Its choices stand in place of a type, as older classes write them: no link of the type `COMBO` fits. */
  readonly listed?: true;
  /** Takes several of its choices at once. */
  readonly multiselect?: true;
  /** ComfyUI's page fetches the choices: the server takes any. */
  readonly fetched?: true;
  /** What each choice of a dynamic combo adds, under this input's name and a dot. */
  readonly options?: readonly { readonly key: string; readonly inputs: Readonly<Record<string, NodeInput>> }[];
  /** An input that grows: as many of `input` as are linked, under this input's name, a dot and one of `names`. */
  readonly grows?: { readonly names: readonly string[]; readonly min: number; readonly input: NodeInput };
}

/**
 * An input of a class as ComfyUI's editor lays it out. The editor saves values by their position, so that reading its files
 * takes the order of the inputs, which {@link NodeFacts.inputs} loses: the database sorts the fields of an object.
 */
export interface LayoutInput {
  /** With the names of what it depends on before it: `resize_type.width`. */
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** Holds a value in the node itself; left out for what only a link can feed. */
  readonly widget?: true;
  /** Has an editor of its own type that we do not know of: a socket, or the widget of a node pack. */
  readonly unknown?: true;
  /** A type that has a widget, and whose author asked for a socket instead. */
  readonly forced?: true;
  /** What the editor puts in where a file has nothing; left out where it puts in nothing. */
  readonly default?: unknown;
  /** The first choice of a list, which an empty value becomes. */
  readonly first?: unknown;
  /** The places behind its own value that the file keeps and a graph does not have. */
  readonly extraPlaces?: number;
  /** The class itself asks for `control_after_generate`; the editor adds it to seeds that do not ask, too. */
  readonly controlled?: true;
  /** The numbers that the editor lets another node put in; left out where it takes any. */
  readonly grid?: NumberGrid;
  /** Never sent: an upload button. */
  readonly unsent?: true;
  /** The editor draws from `{a|b}` and cuts comments in this text before it sends it. */
  readonly dynamicPrompts?: true;
  /** What each choice adds right behind this input. */
  readonly options?: readonly { readonly key: string; readonly inputs: readonly LayoutInput[] }[];
}

/** Multiples of `step` within the bounds, with so many digits behind the point; whole numbers (0 digits) count from `min`. */
export interface NumberGrid {
  readonly step: number;
  readonly min?: number;
  readonly max?: number;
  readonly digits: number;
  /** What else the class says of the number, as JSON; left out for nothing. Only widgets of which the same is said bound each other. */
  readonly other?: string;
}

/** A class as ComfyUI's editor lays it out. */
export interface NodeLayout {
  /** In the order of the values in a file. */
  readonly inputs: readonly LayoutInput[];
  /** The types of the output slots. */
  readonly outputs: readonly string[];
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
  /** Left out by workers of before files of the editor were read. */
  readonly layout?: NodeLayout;
}

/** A backend's node classes with everything a graph can be checked against; read only to check and import. */
export type NodeInfo = Readonly<Record<string, NodeFacts>>;
