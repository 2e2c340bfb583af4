import { agree } from "./agree.ts";
import type { Operation } from "./operations/operation.ts";
import type { World } from "./world.ts";

/** Runs one transaction by itself, and compares its answer with the reference's. Returns a line for the trace. */
export async function performOne(
  world: World,
  { label, run, expect, predictable, follow }: Operation,
): Promise<string> {
  world.areJobsTouched = true;
  const answer = await run();
  const said = predictable(answer);
  agree(label, said, expect(world.reference), world.names);
  await follow?.(answer);
  return `${label}${said === undefined ? "" : ` → ${JSON.stringify(said)}`}`;
}
