import { describe, expect, it } from "vitest";
import { placesFor } from "./places.ts";

const known = { workflows: [{ slug: "inpaint", name: "Inpaint" }], isOperator: false, hasGallery: true };
const hrefs = (typed: string, given = known) => placesFor(typed, given).map(({ href }) => href);

describe("where what is typed leads", () => {
  it("before anything is typed: to every page and workflow that the visitor may use", () => {
    expect(hrefs("")).toEqual(["/", "/history", "/gallery", "/account", "/?workflow=inpaint"]);
    expect(hrefs("", { ...known, isOperator: true })).toContain("/ops/monitor");
  });

  it("a part of a name leads to it, and any words to the history with them", () => {
    expect(hrefs("INP")).toEqual(["/?workflow=inpaint", "/history?q=INP"]);
    expect(hrefs(" a red fox ")).toEqual(["/history?q=a+red+fox"]);
  });

  it("an id leads to its job alone", () => {
    expect(hrefs("01A229C0-95D1-73F0-A9D3-5D1808517FAA")).toEqual(["/jobs/01a229c0-95d1-73f0-a9d3-5d1808517faa"]);
  });
});
