import { expect, test } from "vitest";
import { z } from "zod";
import { createRandom } from "../random.ts";
import { inputsSchemaFor } from "./inputs.ts";
import { inputsJsonSchema } from "./inputs-json-schema.ts";
import type { Parameter } from "./workflow.ts";

const base = { label: "x", required: false } as const;
const parameters: readonly Parameter[] = [
  { kind: "text", name: "prompt", ...base, required: true, max: 5 },
  { kind: "integer", name: "steps", ...base, min: 2, max: 50, step: 2 },
  { kind: "number", name: "strength", ...base, min: 0, max: 1, default: 0.5 },
  { kind: "seed", name: "seed", ...base, required: true, min: 0, max: 100 },
  { kind: "boolean", name: "tiled", ...base },
  { kind: "choice", name: "scale", ...base, choices: [2, 4, "8"] },
  { kind: "model", name: "model", ...base, folder: "checkpoints" },
  { kind: "image", name: "image", ...base },
];
const id = "01900000-0000-7000-8000-000000000001";
const values = [
  "",
  "abc",
  "abcdef",
  0,
  1,
  2,
  3,
  0.5,
  -1,
  60,
  "8",
  8,
  true,
  null,
  {},
  { uploadId: id },
  { uploadId: "x" },
];

test("the JSON Schema of a workflow's inputs takes and refuses exactly what a submit does", () => {
  const [submit, described] = [inputsSchemaFor(parameters), z.fromJSONSchema(inputsJsonSchema(parameters) as never)];
  const random = createRandom(7);
  const pick = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)] as T;
  let taken = 0;
  for (let turn = 0; turn < 400; turn += 1) {
    // Mostly one field that may be wrong, so that both answers come often.
    const inputs = {
      ...(turn % 10 > 0 && { prompt: "abc" }),
      [pick([...parameters.map(({ name }) => name), "other"])]: pick(values),
    };
    const isTaken = submit.safeParse(inputs).success;
    expect([inputs, described.safeParse(inputs).success]).toEqual([inputs, isTaken]);
    taken += isTaken ? 1 : 0;
  }
  expect(taken).toBeGreaterThan(30);
});
