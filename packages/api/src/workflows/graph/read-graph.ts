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
  const parsed = graphSchema.safeParse(value);
  if (!parsed.success) {
    if (!isGraphLike(value)) throw notAGraph("None of its fields is a node with a class_type.");
    const wrong = fieldErrors(parsed.error, ["graph"]);
    const [first] = wrong;
    throw new DarkroomError("WORKFLOW_INVALID", `${first?.path}: ${first?.message}`, { fields: wrong });
  }
  const count = Object.keys(parsed.data).length;
  if (count === 0) throw notAGraph("It has no nodes.");
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
