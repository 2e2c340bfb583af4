import { DarkroomError, hasRole } from "@darkroom/contracts";
import { hasMoreValues } from "../until-wrong.ts";
import { accessTo } from "./doors.ts";

/** More than a hundred jobs with a hundred inputs each. */
const MAX_VALUES = 15_000;

/**
 * Refuses an input with more values than any has that visitors send. Before the input's own schema: to say of each value what is
 * wrong with it, a megabyte of them takes seconds. What operators send may be a graph, of which the body's size is the bound.
 *
 * @throws DarkroomError `INPUT_INVALID`
 */
export function assertBounded(door: string, input: unknown): void {
  const access = accessTo(door);
  if (access !== null && access.role !== "public" && hasRole(access.role, "operator")) return;
  if (hasMoreValues(input, MAX_VALUES))
    throw new DarkroomError("INPUT_INVALID", `The input has more than ${MAX_VALUES} values.`, {
      fields: [{ path: "", message: `must have at most ${MAX_VALUES} values` }],
    });
}
