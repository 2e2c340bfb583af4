import { expect, it } from "vitest";
import { archiveOf } from "./archive.ts";

const files = (count: number, sizeBytes: number) =>
  Array.from({ length: count }, (_, nth) => ({ outputId: `o${nth}`, sizeBytes }));

it.each([
  { why: "nothing for nothing", outputs: files(0, 1), answer: null },
  { why: "one address for all", outputs: files(2, 5), answer: { href: "/api/outputs.zip?ids=o0,o1" } },
  { why: "as many as the server takes", outputs: files(100, 1), answer: { href: expect.any(String) } },
  {
    why: "no more, and says what to do",
    outputs: files(101, 1),
    answer: { reason: expect.stringMatching(/101\. Select fewer/) },
  },
  {
    why: "no larger file than it takes",
    outputs: files(3, 1e9),
    answer: { reason: expect.stringMatching(/3\.0 GB\. Select fewer/) },
  },
])("gives $why", ({ outputs, answer }) => {
  expect(archiveOf(outputs)).toEqual(answer);
});
