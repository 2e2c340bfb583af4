import { graphPlaces, parseGraphText } from "@darkroom/contracts";
import { fieldsOf, own } from "../json.ts";
import { isEditorWorkflow } from "./read-workflow.ts";

/**
 * The workflow in either format that a value is, or that is inside of it: the body of a `POST /prompt`, `{ workflow }`,
 * `{ input: { workflow } }` and the like, there also as a text. The value itself where there is none.
 */
export function unwrapWorkflow(value: unknown): unknown {
  if (isWorkflow(value)) return value;
  for (const place of graphPlaces) {
    const found = parsed(place.reduce((inner: unknown, name) => own(fieldsOf(inner), name), value));
    if (isWorkflow(found)) return found;
  }
  return value;
}

function isWorkflow(value: unknown): boolean {
  return (
    isEditorWorkflow(value) ||
    Object.values(fieldsOf(value)).some((node) => Object.hasOwn(fieldsOf(node), "class_type"))
  );
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return parseGraphText(value);
  } catch {
    return null;
  }
}
