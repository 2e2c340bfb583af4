import { describe, expect, test } from "vitest";
import { converted, node } from "../testing/build.ts";

describe("subgraphs", () => {
  const id = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";
  const holder = (more: object = {}) => ({ ...node({ id: 1, type: id, title: "Twins" }), ...more });
  const subgraph = (nodes: unknown[], links: unknown[], more: object = {}) => ({
    definitions: { subgraphs: [{ id, name: "Inner", inputs: [], outputs: [], nodes, links, ...more }] },
  });

  test("several widgets on one input have the value of the first", () => {
    const nodes = [
      node({ id: 11, type: "Scale", values: [100], in: { "width:INT!": 1 } }),
      node({ id: 12, type: "Scale", values: [900], in: { "width:INT!": 2 } }),
    ];
    const links = [1, 2].map((link) => ({
      id: link,
      origin_id: -10,
      origin_slot: 0,
      target_id: 10 + link,
      target_slot: 0,
    }));
    const inputs = [{ name: "width", type: "INT", linkIds: [1, 2] }];
    const { graph } = converted([holder()], [], subgraph(nodes, links, { inputs }));
    expect([graph["1:11"]?.inputs.width, graph["1:12"]?.inputs.width]).toEqual([100, 100]);
  });

  test("the values of its node count where a frontend saved it that keeps them there (1.47), and not those of older ones", () => {
    const inner = [
      node({ id: 11, type: "Scale", values: [100], in: { "image:IMAGE": 1, "width:INT!": 2 } }),
      node({ id: 12, type: "Sample", values: [3, "fixed", 20, "euler", 1], in: { "seed:INT!": 3 } }),
    ];
    const links = [1, 2, 3].map((link, slot) => ({
      id: link,
      origin_id: -10,
      origin_slot: slot,
      target_id: link === 3 ? 12 : 11,
      target_slot: 0,
    }));
    const inputs = [
      { name: "image", type: "IMAGE", linkIds: [1] },
      { name: "width", type: "INT", linkIds: [2] },
      { name: "seed", type: "INT", linkIds: [3] },
    ];
    const read = (properties: object, values: unknown[]) => {
      const { graph } = converted(
        [holder({ properties, widgets_values: values })],
        [],
        subgraph(inner, links, { inputs }),
      );
      return [graph["1:11"]?.inputs.width, graph["1:12"]?.inputs.seed];
    };
    expect(read({ previewExposures: [] }, [720, 41])).toEqual([720, 41]);
    expect(read({ previewExposures: [] }, [720, null])).toEqual([720, 3]);
    expect(read({ previewExposures: [] }, [720])).toEqual([100, 3]);
    expect(read({ proxyWidgets: [["11", "width"]] }, [720, 41])).toEqual([100, 3]);
  });

  test.each([
    ["where numbers have gaps", 2 ** 53],
    ["where they are only nearly whole", 1e300],
  ])("nodes that share their ids get free ones though the file's last id is %s", (_where, lastId) => {
    const nodes = [1, 2, 3].map((inner) => node({ id: inner, type: "Save" }));
    const outside = [2, 3].map((outer) => node({ id: outer, type: "Save" }));
    const { graph } = converted([holder(), ...outside], [], { ...subgraph(nodes, []), last_node_id: lastId });
    expect(Object.keys(graph).length).toBe(5);
  });

  test("its slots are those of the subgraph, whatever the file leaves out of its node or calls otherwise", () => {
    const type = {
      inputs: [
        { name: "width", type: "INT" },
        { name: "image", type: "IMAGE" },
      ],
      outputs: [{ name: "out", type: "IMAGE" }],
    };
    const inner = [node({ id: 11, type: "Scale", values: [64], in: { "image:IMAGE": 1 }, out: ["IMAGE"] })];
    const links = [
      { id: 1, origin_id: -10, origin_slot: 1, target_id: 11, target_slot: 0 },
      { id: 2, origin_id: 11, origin_slot: 0, target_id: -20, target_slot: 0 },
    ];
    const sources = (inputs: Record<string, number | null>, mode = 0) =>
      converted(
        [
          node({ id: 2, type: "Picture", values: ["a.png", "image"] }),
          node({ id: 1, type: id, mode, in: inputs, out: ["IMAGE"] }),
          node({ id: 3, type: "Save", values: ["x"], in: { "image:IMAGE": 2 } }),
        ],
        [
          [1, 2, 0, 1, 0, "IMAGE"],
          [2, 1, 0, 3, 0, "IMAGE"],
        ],
        subgraph(inner, links, type),
      );
    expect(sources({ "image:IMAGE": 1 }).graph["1:11"]?.inputs.image).toEqual(["2", 0]);
    expect(sources({ "breite:INT": null, "bild:IMAGE": 1 }).graph["1:11"]?.inputs.image).toEqual(["2", 0]);
    // Bypassed, the input at the output's place is the number, which the file leaves out.
    expect(sources({ "image:IMAGE": 1 }, 4).graph["3"]?.inputs.image).toEqual(["2", 0]);
    expect(sources({ "image:IMAGE": 1, "mask:MASK": 1, "more:MASK": null }).findings).toMatchObject([
      { code: "LINK_LOST", nodeId: "1", field: "mask" },
    ]);
  });

  test("one that is linked straight through hands on", () => {
    const more = { inputs: [{ name: "in", type: "IMAGE" }], outputs: [{ name: "out", type: "IMAGE" }] };
    const links = [{ id: 1, origin_id: -10, origin_slot: 0, target_id: -20, target_slot: 0 }];
    const { graph } = converted(
      [
        node({ id: 2, type: "Picture", values: ["a.png", "image"] }),
        node({ id: 1, type: id, in: { "in:IMAGE": 1 }, out: ["IMAGE"] }),
        node({ id: 3, type: "Save", in: { "image:IMAGE": 2 } }),
      ],
      [
        [1, 2, 0, 1, 0, "IMAGE"],
        [2, 1, 0, 3, 0, "IMAGE"],
      ],
      subgraph([], links, more),
    );
    expect(graph["3"]?.inputs.image).toEqual(["2", 0]);
  });

  test("off, one of the whole file runs nothing; one inside another is passed by, and what is in it runs by its own mode", () => {
    const inner = "dddddddd-dddd-4ddd-8ddd-dddddddddddd";
    const innermost = [
      node({ id: 21, type: "Picture", values: ["a.png", "image"] }),
      node({ id: 22, type: "Picture", mode: 4, values: ["a.png", "image"] }),
    ];
    const ids = (outer: number, nested: number): string[] => {
      const around = subgraph([node({ id: 11, type: inner, mode: nested })], []);
      const within = { id: inner, name: "Innermost", inputs: [], outputs: [], nodes: innermost, links: [] };
      const subgraphs = [...around.definitions.subgraphs, within];
      return Object.keys(converted([holder({ mode: outer })], [], { definitions: { subgraphs } }).graph);
    };
    expect(ids(4, 0)).toEqual([]);
    expect(ids(0, 0)).toEqual(["1:11:21"]);
    expect(ids(0, 4)).toEqual(["1:11:21"]);
    expect(ids(0, 2)).toEqual(["1:11:21"]);
  });

  test("one that the file lacks, and one that contains itself, are named with their place", () => {
    expect(converted([holder()], []).findings).toMatchObject([
      { code: "NODE_UNREADABLE", nodeId: "1", severity: "error" },
    ]);
    const { graph, findings } = converted([holder()], [], subgraph([node({ id: 5, type: id })], []));
    expect(graph).toEqual({});
    expect(findings[0]?.message).toMatch(/node 1:5, in Twins.*contains itself/);
  });

  test("a file whose subgraphs stand for billions of nodes ends with a finding", () => {
    const ids = Array.from({ length: 40 }, (_, index) => `cccccccc-cccc-4ccc-8ccc-${String(index).padStart(12, "0")}`);
    const subgraphs = ids.map((each, index) => ({
      id: each,
      nodes: [1, 2].map((number) => node({ id: 100 * index + number, type: ids[index + 1] ?? "Sample" })),
    }));
    const { findings } = converted([node({ id: 1, type: ids[0] ?? "" })], [], { definitions: { subgraphs } });
    expect(findings.some(({ message }) => message.includes("more than 5000 nodes"))).toBe(true);
  });
});

test("a legacy group has the names and outputs that its author gave it; a Reroute inside takes what it brings from outside", () => {
  const group = {
    nodes: [
      node({ id: 0, type: "Reroute", in: { "": null }, out: ["*"] }),
      node({ id: 0, type: "Scale", in: { "image:IMAGE": null, "mask:MASK": null }, out: ["IMAGE", "INT"] }),
      node({ id: 0, type: "Save", in: { "image:IMAGE": null } }),
      node({ id: 0, type: "Picture", out: ["IMAGE", "MASK"] }),
    ],
    links: [
      [0, 0, 1, 0, 1, "*"],
      [1, 0, 2, 0, 2, "IMAGE"],
      [3, 1, 1, 1, 3, "MASK"],
    ],
    external: [[{ index: 3, type: "Picture" }, 1, "MASK"]],
    config: {
      0: { input: { IMAGE: { name: "photo" } } },
      1: { input: { width: { name: "side" } }, output: { 0: { visible: true }, 1: { visible: false } } },
      3: { input: { file: { visible: false } } },
    },
  };
  const { graph, findings } = converted(
    [
      node({ id: 1, type: "Picture", values: ["a.png", "image"] }),
      node({ id: 2, type: "Number", values: [300, "fixed"] }),
      node({
        ...{ id: 4, type: "workflow>edit", values: [64, "kept", "b.png", "image"] },
        ...{ in: { "photo:IMAGE": 1, "side:INT!": 2 }, out: ["IMAGE", "IMAGE", "MASK"] },
      }),
      node({ id: 5, type: "Scale", values: [8], in: { "image:IMAGE": 3, "mask:MASK": 4 } }),
    ],
    [
      [1, 1, 0, 4, 0, "IMAGE"],
      [2, 2, 0, 4, 1, "INT"],
      [3, 4, 0, 5, 0, "IMAGE"],
      [4, 4, 2, 5, 1, "MASK"],
    ],
    { extra: { groupNodes: { edit: group } } },
  );
  expect(findings).toEqual([]);
  expect(graph["4:1"]?.inputs).toEqual({ width: ["2", 0], image: ["1", 0], mask: ["4:3", 1] });
  expect(graph["4:2"]?.inputs).toEqual({ image: ["4:1", 0], filename_prefix: "kept" });
  expect(graph["4:3"]?.inputs).toEqual({ file: "b.png" });
  expect(graph["5"]?.inputs).toEqual({ width: 8, image: ["4:1", 0], mask: ["4:3", 1] });
});
