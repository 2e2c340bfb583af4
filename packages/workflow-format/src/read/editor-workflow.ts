/** A slot for a link into a node, as the file has it. */
export interface EditorInput {
  readonly name: string;
  /** A socket's type; `COMBO` for a list of choices. */
  readonly type: string;
  readonly link: string | null;
  /** The name of the widget whose value a link here replaces; null: a socket without a value of its own. */
  readonly widget: string | null;
}

/** A node as the editor draws it. */
export interface EditorNode {
  readonly id: string;
  /** A class of the server, the id of a subgraph, or one of the editor's own. */
  readonly type: string;
  readonly title: string | null;
  /** 2 is muted, 4 bypassed; every other one runs. */
  readonly mode: number;
  readonly inputs: readonly EditorInput[];
  /** The types of the output slots. */
  readonly outputs: readonly string[];
  /** By position, as ComfyUI's own nodes have them, or by name; null: the file has none. */
  readonly values: readonly unknown[] | Readonly<Record<string, unknown>> | null;
  readonly properties: Readonly<Record<string, unknown>>;
  /** `[x, y]` of its upper left corner in its own graph, in pixels; null: the file does not say. */
  readonly position: readonly [number, number] | null;
}

export const MUTED = 2;
export const BYPASSED = 4;

/** Where a link comes from. Where it goes to is said by the input that names it. */
export interface EditorLink {
  readonly from: string;
  readonly slot: number;
  /** The node that the link itself says it goes to; left out for what is not from a list of links. */
  readonly to?: string;
}

/** Nodes that are linked with each other. */
export interface EditorGraph {
  readonly nodes: ReadonlyMap<string, EditorNode>;
  readonly links: ReadonlyMap<string, EditorLink>;
}

/** A graph that stands for one node. Links from {@link SUBGRAPH_INPUT} come from the outside. */
export interface Subgraph extends EditorGraph {
  readonly name: string;
  /** The input slots of the nodes that stand for it, which have them in this order. */
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  /** Which widget inside has the value of each input slot that nothing is linked to; null: none. */
  readonly promoted: readonly (Promoted | null)[];
  /** What feeds each output slot; null: nothing. */
  readonly outputs: readonly (EditorLink | null)[];
}

/** A widget inside a subgraph that its node shows. */
export interface Promoted {
  readonly nodeId: string;
  readonly input: string;
}

/** The ids that links inside a subgraph use for its edge. */
export const SUBGRAPH_INPUT = "-10";
export const SUBGRAPH_OUTPUT = "-20";

/** A file of the editor in one form, whatever its version. */
export interface EditorWorkflow extends EditorGraph {
  readonly subgraphs: ReadonlyMap<string, Subgraph>;
  /** The legacy group nodes that the file declares, by name, as it has them. */
  readonly groups: Readonly<Record<string, unknown>>;
}
