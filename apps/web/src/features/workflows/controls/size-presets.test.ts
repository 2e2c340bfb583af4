import { expect, it } from "vitest";
import { sizePresets } from "./size-presets.ts";

it("presets keep to the bounds and the step, with the default as the longer side", () => {
  const side = { min: 64, max: 2048, step: 8, default: 1024 };
  expect(sizePresets(side, side)).toEqual([
    { name: "Square", width: 1024, height: 1024 },
    { name: "Portrait", width: 768, height: 1024 },
    { name: "Landscape", width: 1024, height: 768 },
    { name: "Wide", width: 1024, height: 576 },
  ]);
});
