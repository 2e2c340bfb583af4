/** What a node that exists only in the editor does to a graph. */
export type VirtualKind =
  /** Nothing: a text, or a switch for people that sets the modes of other nodes, which the file has. */
  | "none"
  /** Hands on what its first input is fed. */
  | "reroute"
  /** Puts its value into the widgets that it is linked to. */
  | "primitive"
  /** Names what its input is fed, and hands it on. */
  | "set"
  /** Hands on what the node of kind `set` with the same name is fed. */
  | "get"
  /** Feeds inputs that it is not linked to, by rules that only its pack's page knows. */
  | "broadcast";

/**
 * The nodes that run in the editor only, by type; docs/workflows.md shows this table. ComfyUI's own (frontend 1.45.0), those
 * of KJNodes and Easy-Use (tried there, with the packs of May 2026), of rgthree-comfy and of cg-use-everywhere.
 */
export const virtualNodes: ReadonlyMap<string, VirtualKind> = new Map<string, VirtualKind>([
  ["Note", "none"],
  ["MarkdownNote", "none"],
  ["Reroute", "reroute"],
  ["PrimitiveNode", "primitive"],
  ["SetNode", "set"],
  ["GetNode", "get"],
  ["easy setNode", "set"],
  ["easy getNode", "get"],
  ["Reroute (rgthree)", "reroute"],
  ["Bookmark (rgthree)", "none"],
  ["Fast Actions Button (rgthree)", "none"],
  ["Fast Bypasser (rgthree)", "none"],
  ["Fast Groups Bypasser (rgthree)", "none"],
  ["Fast Groups Muter (rgthree)", "none"],
  ["Fast Muter (rgthree)", "none"],
  ["Label (rgthree)", "none"],
  ["Mute / Bypass Relay (rgthree)", "none"],
  ["Mute / Bypass Repeater (rgthree)", "none"],
  ["Node Collector (rgthree)", "none"],
  ["Node Combiner (rgthree)", "none"],
  ["Random Unmuter (rgthree)", "none"],
  ["Anything Everywhere", "broadcast"],
  ["Anything Everywhere?", "broadcast"],
  ["Anything Everywhere3", "broadcast"],
  ["Prompts Everywhere", "broadcast"],
]);
