import { DarkroomError, type Graph, graphSchema, parseGraphText } from "@darkroom/contracts";
import { fieldErrors } from "../../errors.ts";

/** More nodes than any graph a person has drawn; what is larger is no workflow. */
const MAX_NODES = 2000;

const HOW_TO_EXPORT =
  "In ComfyUI, open it and choose File → Export Workflow (API), in older versions Workflow → Export (API); where the menu has neither, turn on Dev mode in the settings and use Save (API Format). Import the file you get.";

/**
 * A graph in API format, from JSON text or from what such text parses to. The body of a `POST /prompt` is taken too. Text
 * is read with tolerance, and only text keeps the digits of numbers beyond 2^53.
 *
 * @throws DarkroomError `WORKFLOW_INVALID`, saying what the text is instead and how to get the right one
 */
export function readGraph(given: unknown): Graph {
  const value = typeof given === "string" ? parse(given) : given;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAGraph("It is not a JSON object.");
  const fields = value as Record<string, unknown>;
  if (Array.isArray(fields.nodes)) {
    throw invalid(`This is the format that ComfyUI's editor saves, which no server can run. ${HOW_TO_EXPORT}`);
  }
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

function parse(text: string): unknown {
  try {
    return parseGraphText(text);
  } catch (error) {
    throw notAGraph(`It is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function isGraphLike(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).some((node) => typeof node === "object" && node !== null && "class_type" in node);
}

function notAGraph(why: string): DarkroomError {
  return invalid(`This is not a ComfyUI workflow in API format. ${why} ${HOW_TO_EXPORT}`);
}

function invalid(message: string): DarkroomError {
  return new DarkroomError("WORKFLOW_INVALID", message, { fields: [{ path: "graph", message }] });
}
