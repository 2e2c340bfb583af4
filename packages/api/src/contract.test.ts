import { jobEventSchema } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { z } from "zod";
import { appRouter } from "./app-router.ts";

/** What callers and subscribers rely on: every procedure with its input, and every event. */
function contract(): object {
  const schemaOf = (type: unknown) => z.toJSONSchema(type as z.ZodType, { io: "input", unrepresentable: "any" });
  const all = appRouter._def.procedures as unknown as Record<string, { _def: { type: string; inputs: unknown[] } }>;
  const procedures = Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { _def }]) => [path, { type: _def.type, inputs: _def.inputs.map(schemaOf) }]);
  return { procedures: Object.fromEntries(procedures), event: schemaOf(jobEventSchema) };
}

test("no procedure, input or event changes unnoticed", async () => {
  // Additions are accepted with `vitest -u`; what is removed, renamed or newly required breaks programs of other people.
  await expect(`${JSON.stringify(contract(), null, 2)}\n`).toMatchFileSnapshot("contract.snap");
});
