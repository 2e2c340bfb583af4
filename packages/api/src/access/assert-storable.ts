import { DarkroomError, unstorableField } from "@darkroom/contracts";

/**
 * Refuses an input with a text that could not be stored as it is. Before the input's own schema, so that no schema can
 * forget it.
 *
 * @throws DarkroomError `INPUT_INVALID` with the field
 */
export function assertStorable(input: unknown): void {
  const field = unstorableField(input);
  if (field === null) return;
  throw new DarkroomError("INPUT_INVALID", `${field.path === "" ? "The input" : field.path} ${field.message}.`, {
    fields: [field],
  });
}
