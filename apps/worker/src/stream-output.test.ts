import { expect, test } from "vitest";
import { streamOutput } from "./testing/stream-output.ts";

const MB = 1024 ** 2;

test.concurrent.each(["disk", "bucket"] as const)(
  "an output of 128 MB reaches a %s whole, for 96 MB of memory at most",
  async (to) => {
    const { sizeBytes, isWhole, grownBytes } = await streamOutput(128, to);
    expect({ sizeBytes, isWhole }).toEqual({ sizeBytes: 128 * MB, isWhole: true });
    expect(grownBytes).toBeLessThan(96 * MB);
  },
);
