import type { Graph } from "@darkroom/contracts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layouts } from "../testing/build.ts";
import { drawText } from "./draw-text.ts";
import { drawTexts, noteDynamicTexts } from "./draw-texts.ts";

const first = (): number => 0;
const last = (): number => 0.999;
const now = new Date("2026-03-04T05:06:07Z");
const run = (graph: Graph, seed = "job 1", asWritten: ReadonlySet<string> = new Set()) =>
  drawTexts(noteDynamicTexts(graph, layouts), { seed, now, asWritten });

describe("a dynamic prompt", () => {
  test("is what the real editor makes of it", () => {
    const text =
      "a {red|blue|green} boat // a comment\non a {small|{big|deep}} lake /* left\nout */ end \\{literal\\} (soft:1.2)";
    expect(drawText(text, first)).toBe("a red boat \non a small lake  end {literal} (soft:1.2)");
    expect(drawText(text, last)).toBe("a green boat \non a deep lake  end {literal} (soft:1.2)");
  });

  test.each([
    ["a {b", "a {b"],
    ["a {b|{c|d}", "a {b|c"],
    ["a } b | c", "a } b | c"],
    ["{}", ""],
    ["\\|", "|"],
    ["C:\\new", "C:\\new"],
  ])("%s is %s", (text, drawn) => {
    expect(drawText(text, first)).toBe(drawn);
  });

  test("each choice is drawn about as often", () => {
    const drawn = Array.from({ length: 3000 }, (_, index) => {
      const graph = run({ "1": { class_type: "Text", inputs: { text: "{a|b|c}" } } }, `job ${index}`);
      return graph["1"]?.inputs.text;
    });
    for (const choice of ["a", "b", "c"]) expect(drawn.filter((text) => text === choice).length).toBeGreaterThan(850);
  });

  test("a text without braces, bars, backslashes and slashes is left as it is", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/[{}|\\/]/.test(text)),
        (text) => {
          expect(drawText(text, last)).toBe(text);
        },
      ),
    );
  });

  test("no text makes it throw", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[{}|\\/*a\n]*$/), (text) => {
        drawText(text, last);
      }),
    );
  });
});

describe("the texts of a graph", () => {
  const graph: Graph = {
    "1": { class_type: "Text", inputs: { text: "{a|b|c|d|e|f|g|h}", clip: ["2", 0] } },
    "2": { class_type: "Sample", inputs: { seed: 4711, sampler: "{x|y}" }, _meta: { title: "My sampler" } },
    "3": {
      class_type: "Save",
      inputs: { filename_prefix: "%date:yyyy-MM-dd%/{a|b}_%Sample.seed%_%width%_%My sampler.sampler%_%No.x%" },
    },
  };

  test("are drawn only where the class says so, the same at each attempt of a run", () => {
    const drawn = run(graph);
    expect(drawn["1"]?.inputs.text).toMatch(/^[a-h]$/);
    expect(drawn["2"]).toEqual(graph["2"]);
    expect(run(graph)).toEqual(drawn);
    const others = Array.from({ length: 40 }, (_, index) => run(graph, `job ${index}`)["1"]?.inputs.text);
    expect(new Set(others).size).toBeGreaterThan(4);
    expect(run(graph, "job 1", new Set(["1 text"]))["1"]?.inputs.text).toBe("{a|b|c|d|e|f|g|h}");
  });

  test("a file's name is filled in, but for what the server fills in or nobody knows", () => {
    expect(run(graph)["3"]?.inputs.filename_prefix).toBe("2026-03-04/{a|b}_4711_%width%_{x_y}_%No.x%");
  });
});
