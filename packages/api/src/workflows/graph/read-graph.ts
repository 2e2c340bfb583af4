import { DarkroomError, fieldErrors, type Graph, graphSchema, parseGraphText } from "@darkroom/contracts";

/** More nodes than any graph a person has drawn; what is larger is no workflow. */
const MAX_NODES = 2000;

const WHAT_IS_TAKEN =
  "Import a file that ComfyUI saves or exports: in ComfyUI, open the workflow and choose File → Save or File → Export.";

/**
 * A graph in API format, from JSON text or from what such text parses to. The body of a `POST /prompt` is taken too. Text
 * is read with tolerance, and only text keeps the digits of numbers beyond 2^53.
 *
 * @throws DarkroomError `WORKFLOW_INVALID`, saying what the text is instead and how to get the right one
 */
export function readGraph(given: unknown): Graph {
  const value = parseGiven(given);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAGraph("It is not a JSON object.");
  const fields = value as Record<string, unknown>;
  const inner = fields.prompt ?? fields.output;
  if (isGraphLike(inner) && !isGraphLike(value)) return readGraph(inner);
  if (Object.keys(value).length === 0) throw notAGraph("It has no nodes.");
  if (!isGraphLike(value)) throw notAGraph("None of its fields is a node with a class_type.");
  const parsed = graphSchema.safeParse(Object.fromEntries(Object.entries(value).filter(([, one]) => isNode(one))));
  if (!parsed.success) {
    const unnamed = Object.entries(value).find(([, one]) => isNode(one) && !("class_type" in one));
    if (unnamed !== undefined) throw invalid(unclassed(unnamed));
    const wrong = fieldErrors(parsed.error, ["graph"]);
    const [first] = wrong;
    throw new DarkroomError("WORKFLOW_INVALID", `${first?.path}: ${first?.message}`, { fields: wrong });
  }
  const count = Object.keys(parsed.data).length;
  if (count > MAX_NODES) throw invalid(`It has ${count} nodes; ${MAX_NODES} are the most.`);
  return parsed.data;
}

/**
 * What was given as text or parsed, parsed.
 *
 * @throws DarkroomError `WORKFLOW_INVALID` for a text that is no JSON
 */
export function parseGiven(given: unknown): unknown {
  if (typeof given !== "string") return given;
  try {
    return parseGraphText(given);
  } catch (error) {
    throw notAGraph(`It is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** True for what has a node's shape: people and programs write remarks beside the nodes, which ComfyUI would refuse. */
function isNode(one: unknown): one is Record<string, unknown> {
  return typeof one === "object" && one !== null && ("class_type" in one || "inputs" in one);
}

/** What stands beside the nodes of a graph in API format and is none of them, by its names. */
export function remarksIn(value: unknown): string[] {
  if (!isGraphLike(value)) return [];
  return Object.entries(value as object).flatMap(([name, one]) => (isNode(one) ? [] : [name]));
}

/** The editor exports a node that way whose class it does not know. */
function unclassed([nodeId, node]: [string, Record<string, unknown>]): string {
  const title = (node._meta as { title?: unknown } | undefined)?.title;
  const name = typeof title === "string" && title !== "" ? ` (“${title}”)` : "";
  return `The node ${nodeId}${name} has no class: ComfyUI exports it so where its node pack is not installed. Install the pack there, or remove the node, and export again.`;
}

function isGraphLike(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).some((node) => typeof node === "object" && node !== null && "class_type" in node);
}

function notAGraph(why: string): DarkroomError {
  return invalid(`This is not a ComfyUI workflow. ${why} ${WHAT_IS_TAKEN}`);
}

/** A graph that is refused, and why. */
export function invalid(message: string): DarkroomError {
  return new DarkroomError("WORKFLOW_INVALID", message, { fields: [{ path: "graph", message }] });
}
