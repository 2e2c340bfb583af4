import { expect, test } from "vitest";
import { hash32 } from "./hash.ts";

test("the hash of a text never changes: the channels of running processes and the seeds of estimates go by it", () => {
  expect(["", "a", "foobar"].map(hash32)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
});
