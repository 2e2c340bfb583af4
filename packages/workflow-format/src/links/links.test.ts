import { describe, expect, test } from "vitest";
import { converted, node } from "../testing/build.ts";

describe("a bypassed node hands on", () => {
  const scale = (inputs: Record<string, number | null>, out = ["IMAGE", "INT"]) =>
    node({ id: 3, type: "Scale", mode: 4, values: [64], in: inputs, out });
  const pictures = [
    node({ id: 1, type: "Picture", values: ["a.png", "image"] }),
    node({ id: 2, type: "Number", values: [5, "fixed"] }),
  ];

  test("the input at the same place if its type fits", () => {
    const save = node({ id: 4, type: "Save", in: { "image:IMAGE": 2 } });
    const { graph } = converted(
      [...pictures, scale({ "image:IMAGE": 1 }), save],
      [
        [1, 1, 0, 3, 0, "IMAGE"],
        [2, 3, 0, 4, 0, "IMAGE"],
      ],
    );
    expect(graph["4"]?.inputs.image).toEqual(["1", 0]);
  });

  test("else the first of exactly the target's type, linked or not", () => {
    const sample = node({ id: 4, type: "Sample", values: [1, "fixed", 20, "euler"], in: { "steps:INT!": 2 } });
    const links = [
      [1, 2, 0, 3, 2, "INT"],
      [2, 3, 1, 4, 0, "INT"],
    ];
    expect(converted([...pictures, scale({ "width:INT!": 1 }), sample], links).graph["4"]?.inputs.steps).toEqual([
      "2",
      0,
    ]);
    expect(converted([...pictures, scale({}), sample], links).graph["4"]?.inputs.steps).toBe(20);
  });

  test("for a target that takes anything, the input at the same place, else the first", () => {
    const reroute = (link: number) => node({ id: 4, type: "Strange", in: { "any:*": link }, out: ["IMAGE"] });
    const links = [
      [1, 1, 0, 3, 0, "IMAGE"],
      [2, 3, 1, 4, 0, "*"],
      [3, 1, 1, 3, 1, "MASK"],
      [4, 3, 5, 4, 0, "*"],
    ];
    const fed = scale({ "image:IMAGE": 1, "mask:MASK": 3 });
    expect(converted([...pictures, fed, reroute(2)], links).graph["4"]?.inputs.any).toEqual(["1", 1]);
    expect(converted([...pictures, fed, reroute(4)], links).graph["4"]?.inputs.any).toEqual(["1", 0]);
  });

  test("else nothing, which is noted", () => {
    const text = node({ id: 4, type: "Text", values: ["x"], in: { "clip:CLIP": 2 } });
    const { graph, findings } = converted(
      [...pictures, scale({ "image:IMAGE": 1 }), text],
      [
        [1, 1, 0, 3, 0, "IMAGE"],
        [2, 3, 0, 4, 0, "CLIP"],
      ],
    );
    expect(graph["4"]?.inputs).toEqual({ text: "x" });
    expect(findings).toMatchObject([{ code: "LINK_LOST", severity: "note", nodeId: "4", field: "clip" }]);
  });
});

describe("nodes of the editor alone", () => {
  test("Get finds the Set of its name in the graph around its subgraph", () => {
    const id = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
    const inner = [
      node({ id: 11, type: "GetNode", values: ["pic"], out: ["IMAGE"] }),
      node({ id: 12, type: "Save", in: { "image:IMAGE": 1 } }),
    ];
    const { graph } = converted(
      [
        node({ id: 1, type: "Picture", values: ["a.png", "image"] }),
        node({ id: 2, type: "SetNode", values: ["pic"], in: { IMAGE: 1 } }),
        node({ id: 3, type: id }),
      ],
      [[1, 1, 0, 2, 0, "IMAGE"]],
      {
        definitions: {
          subgraphs: [
            {
              id,
              name: "Inner",
              inputs: [],
              outputs: [],
              nodes: inner,
              links: [{ id: 1, origin_id: 11, origin_slot: 0, target_id: 12, target_slot: 0 }],
            },
          ],
        },
      },
    );
    expect(graph["3:12"]?.inputs.image).toEqual(["1", 0]);
  });

  test("rgthree's switches and labels leave nothing; its reroutes hand on", () => {
    const { graph, findings } = converted(
      [
        node({ id: 1, type: "Picture", values: ["a.png", "image"] }),
        node({ id: 2, type: "Reroute (rgthree)", in: { "": 1 } }),
        node({ id: 3, type: "Save", in: { "image:IMAGE": 2 } }),
        node({ id: 4, type: "Fast Groups Bypasser (rgthree)" }),
        node({ id: 5, type: "Label (rgthree)" }),
      ],
      [
        [1, 1, 0, 2, 0, "IMAGE"],
        [2, 2, 0, 3, 0, "IMAGE"],
      ],
    );
    expect(Object.keys(graph)).toEqual(["1", "3"]);
    expect(graph["3"]?.inputs.image).toEqual(["1", 0]);
    expect(findings).toMatchObject([{ code: "INPUT_DEFAULTED", nodeId: "3" }]);
  });

  test("what feeds others without links is named", () => {
    const { findings } = converted(
      [node({ id: 1, type: "Anything Everywhere", title: "All", in: { anything: null } })],
      [],
    );
    expect(findings).toMatchObject([{ code: "NODE_LEFT_OUT", severity: "error", nodeId: "1", nodeTitle: "All" }]);
  });

  test("what it feeds is linked where the file says so, in a subgraph too; a real link stays", () => {
    const id = "cccccccc-cccc-4ccc-8ccc-cccccccccccc";
    const everywhere = (inner: number, fed: number) => ({
      nodes: [
        node({ id: inner, type: "Picture", values: ["a.png", "image"] }),
        node({ id: inner + 1, type: "Anything Everywhere", in: { "anything:IMAGE": 1 } }),
        node({ id: inner + 2, type: "Scale", values: [64], in: { "image:IMAGE": null, "mask:MASK": fed } }),
      ],
      links: [
        [1, inner, 0, inner + 1, 0, "IMAGE"],
        [2, inner, 1, inner + 2, 1, "MASK"],
      ],
      extra: {
        ue_links: [
          { downstream: inner + 2, downstream_slot: 0, upstream: String(inner), upstream_slot: 0, type: "IMAGE" },
          { downstream: inner + 2, downstream_slot: 1, upstream: "99", upstream_slot: 0, type: "MASK" },
        ],
      },
    });
    const root = everywhere(1, 2);
    const inside = { id, name: "Inner", inputs: [], outputs: [], ...everywhere(11, 2) };
    const { graph, findings } = converted([...root.nodes, node({ id: 9, type: id })], root.links, {
      extra: root.extra,
      definitions: { subgraphs: [inside] },
    });
    expect(findings).toEqual([]);
    expect(Object.keys(graph)).toEqual(["1", "3", "9:11", "9:13"]);
    expect(graph["3"]?.inputs).toEqual({ width: 64, image: ["1", 0], mask: ["1", 1] });
    expect(graph["9:13"]?.inputs).toEqual({ width: 64, image: ["9:11", 0], mask: ["9:11", 1] });
  });

  test("an unknown node that nothing is linked to is left out and named", () => {
    const { graph, findings } = converted([node({ id: 1, type: "Sticker", values: ["hello"] })], []);
    expect(graph).toEqual({});
    expect(findings).toMatchObject([{ code: "NODE_LEFT_OUT", severity: "warning", nodeId: "1" }]);
  });
});

test("links in a circle of reroutes end, and are named", () => {
  const reroute = (id: number, link: number) => node({ id, type: "Reroute", in: { "": link }, out: ["*"] });
  const { graph, findings } = converted(
    [reroute(1, 2), reroute(2, 1), node({ id: 3, type: "Save", values: ["x"], in: { "image:IMAGE": 3 } })],
    [
      [1, 1, 0, 2, 0, "*"],
      [2, 2, 0, 1, 0, "*"],
      [3, 1, 0, 3, 0, "*"],
    ],
  );
  expect(graph["3"]?.inputs.image).toBeUndefined();
  expect(findings).toMatchObject([{ code: "LINK_LOST" }]);
});

test("a node that the file links and that names none of its links is told of, as ComfyUI does not send them", () => {
  const picture = node({ id: 1, type: "Picture", values: ["a.png", "image"] });
  const links = [
    [1, 1, 0, 4, 0, "IMAGE"],
    [2, 1, 0, 4, 1, "IMAGE"],
  ];
  const { graph, findings } = converted([picture, node({ id: 4, type: "Save" })], links);
  expect(graph["4"]?.inputs.image).toBeUndefined();
  expect(findings.filter(({ code }) => code === "LINK_LOST")).toMatchObject([
    { severity: "warning", nodeId: "4", message: expect.stringMatching(/the file has links to it \(2\)/) },
  ]);
});
