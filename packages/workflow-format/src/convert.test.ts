import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { convertWorkflow } from "./convert.ts";
import { readLayouts } from "./layout/read-layouts.ts";
import { converted, layouts, node } from "./testing/build.ts";
import { differences } from "./testing/compare.ts";
import { readPairs } from "./testing/pairs.ts";

const pairs = readPairs(join(import.meta.dirname, "../pairs"));

describe("a file becomes what the real editor sends", () => {
  test.each(pairs.filter(({ odd }) => odd === null))("$name ($tags)", (pair) => {
    expect(differences(pair, convertWorkflow(pair.workflow, readLayouts(pair.objectInfo)).graph)).toEqual([]);
  });
});

describe("where the editor fails, the graph makes sense or says why not", () => {
  const answer = (name: string) => {
    const pair = pairs.find((each) => each.name === name);
    return convertWorkflow(pair?.workflow, readLayouts(pair?.objectInfo));
  };

  test("values by name on an ordinary class are read by name", () => {
    const { graph, findings } = answer("values-as-object-plain-class");
    expect(graph["5"]?.inputs).toMatchObject({ seed: 9, steps: 15, cfg: 7.5, sampler_name: "heun", denoise: 0.9 });
    expect(findings).toEqual([]);
  });

  test("legacy group nodes are expanded, each with its own values", () => {
    const { graph } = answer("saved-group-node");
    expect(graph["5:0"]).toMatchObject({
      class_type: "ImageScale",
      inputs: { width: 640, height: 512, image: ["1", 0] },
    });
    expect(graph["6:0"]).toMatchObject({ inputs: { width: 512, height: 100, upscale_method: "nearest-exact" } });
    expect(graph["6:1"]).toMatchObject({ class_type: "ImageInvert", inputs: { image: ["6:0", 0] } });
    expect(graph["7"]?.inputs.images).toEqual(["6:1", 0]);
  });

  test("a legacy group has the values of what is inside of it, of pictures and Primitives too, in the order of its nodes", () => {
    const group = {
      nodes: [
        { ...node({ id: 7, type: "Picture", values: ["a.png", "image"], out: ["IMAGE", "MASK"] }) },
        { ...node({ id: 8, type: "PrimitiveNode", title: "Wide", values: [1, "fixed"], out: ["INT"] }) },
        {
          ...node({
            id: 9,
            type: "Scale",
            values: [64],
            in: { "image:IMAGE": 1, "mask:MASK": null, "width:INT!": 2 },
            out: ["IMAGE", "INT"],
          }),
        },
      ],
      links: [
        [0, 0, 2, 0, 1, "IMAGE"],
        [1, 0, 2, 2, 2, "INT"],
      ],
      external: [],
    };
    const holder = node({
      id: 5,
      type: "workflow/load",
      values: ["b.png", "image", 320, "fixed"],
      in: { "mask:MASK": 1, "gone:MASK": 1 },
      out: ["MASK", "IMAGE", "INT"],
    });
    const { graph, findings } = converted(
      [
        node({ id: 1, type: "Picture", values: ["a.png", "image"] }),
        holder,
        node({ id: 6, type: "Save", values: ["x"], in: { "image:IMAGE": 2 } }),
      ],
      [
        [1, 1, 1, 5, 0, "MASK"],
        [2, 5, 1, 6, 0, "IMAGE"],
      ],
      { extra: { groupNodes: { load: group } } },
    );
    expect(graph["5:0"]?.inputs).toEqual({ file: "b.png" });
    expect(graph["5:2"]?.inputs).toEqual({ image: ["5:0", 0], mask: ["1", 1], width: 320 });
    expect(graph["6"]?.inputs.image).toEqual(["5:2", 0]);
    expect(findings).toMatchObject([{ code: "LINK_LOST", nodeId: "5", field: "gone" }]);
  });

  test("a class that no server has keeps its name and links, and is named with what to do", () => {
    const { graph, findings } = answer("unknown-class");
    expect(graph["8"]).toMatchObject({ class_type: "PairsUnknownFilter", inputs: { image: ["6", 0] } });
    expect(findings).toMatchObject([{ code: "NODE_UNREADABLE", severity: "error", nodeId: "8" }]);
    expect(findings[0]?.message).toMatch(/no connected server has.*Install the node pack/);
  });

  test("a link that the file does not have leaves its input empty, and is named", () => {
    const { graph, findings } = answer("link-not-in-list");
    expect(graph["7"]?.inputs).toEqual({ filename_prefix: "boats" });
    expect(findings).toMatchObject([{ code: "LINK_LOST", severity: "warning", nodeId: "7", field: "images" }]);
  });
});

test("a file of 500 nodes converts in 20 ms", () => {
  const nodes = Array.from({ length: 500 }, (_, index) =>
    node({
      id: index,
      type: index % 3 === 0 ? "Reroute" : "Scale",
      mode: index % 5 === 0 ? 4 : 0,
      values: [64],
      in: { "image:IMAGE": index },
      out: ["IMAGE"],
    }),
  );
  const file = { nodes, links: nodes.map((_, index) => [index, index - 1, 0, index, 0, "IMAGE"]) };
  const times = Array.from({ length: 15 }, () => {
    const before = process.cpuUsage();
    convertWorkflow(file, layouts);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  // The processor's time and the best of some, so that what the machine does beside it is not measured.
  expect(Math.min(...times)).toBeLessThan(20);
});
