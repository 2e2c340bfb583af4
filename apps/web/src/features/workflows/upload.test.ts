import { expect, it } from "vitest";
import { sizeProblem } from "./upload.ts";

it("a file that is too large is refused before it is sent, in the numbers of the server's limit", () => {
  const max = 95 * 1024 ** 2;
  expect(sizeProblem(max, "video", max)).toBeNull();
  expect(sizeProblem(max, "video", undefined)).toBeNull();
  expect(sizeProblem(max + 1, "3d", max)).toBe(
    "This file has 95.1 MB; a 3D model may have 95 MB at most. Choose a smaller one.",
  );
});
