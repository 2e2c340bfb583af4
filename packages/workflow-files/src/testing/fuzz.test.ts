import { expect, it } from "vitest";
import { fuzz } from "./fuzz.ts";

it("ends every changed file with what it carries or with an error of ours, within bounds of time and of bytes read", async () => {
  const { failures, read, refused } = await fuzz({ inputs: 2000, seed: 7 });
  expect(failures).toEqual([]);
  // Neither all nor none: the changes reach both ends.
  expect(read).toBeGreaterThan(200);
  expect(refused.DAMAGED).toBeGreaterThan(200);
});
