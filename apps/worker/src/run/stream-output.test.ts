import { expect, test } from "vitest";
import { streamOutput } from "../testing/stream-output.ts";

const MB = 1024 ** 2;

// To a bucket, for a file goes over the disk on its way there. The time is for a machine that is busy.
test("an output of 128 MB is stored whole, for 96 MB of memory at most", { timeout: 60_000 }, async () => {
  const { sizeBytes, isWhole, grownBytes } = await streamOutput(128, "bucket");
  expect({ sizeBytes, isWhole }).toEqual({ sizeBytes: 128 * MB, isWhole: true });
  expect(grownBytes).toBeLessThan(96 * MB);
});
