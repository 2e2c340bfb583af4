import { expect, it } from "vitest";
import { tokenIn } from "./claim-admin.ts";

it("the token is taken from a pasted link, or is the text itself", () => {
  expect(tokenIn(" http://localhost:3000/ops/claim#abc ")).toBe("abc");
  expect(tokenIn("abc")).toBe("abc");
});
