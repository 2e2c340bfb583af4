import { join } from "node:path";
import { type Graph, graphText, parseGraphText, sharedWorkflowOf, type WorkflowDefinition } from "@darkroom/contracts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { convertWorkflow } from "../convert.ts";
import { type NodeLayouts, readLayouts } from "../layout/read-layouts.ts";
import { layouts as classes } from "../testing/build.ts";
import { readPairs } from "../testing/pairs.ts";
import { restoreGraph } from "./restore-workflow.ts";
import { writeWorkflow } from "./write-workflow.ts";

const pairs = readPairs(join(import.meta.dirname, "../../pairs")).filter(({ odd }) => odd === null);

function definitionOf(graph: Graph): WorkflowDefinition {
  return { slug: "shared", name: "Shared", description: "", graph, parameters: [], bindings: [], outputs: ["1"] };
}

/** Written as a file, as text, and read again. */
function again(definition: WorkflowDefinition, layouts: NodeLayouts) {
  const { file, notes } = writeWorkflow(definition, layouts);
  const parsed = parseGraphText(graphText(file));
  const shared = sharedWorkflowOf(parsed);
  if (shared === null) throw new Error("the file carries no form");
  const { graph, findings } = convertWorkflow(parsed, layouts);
  return { file, notes, shared, findings, graph: restoreGraph(graph, shared) };
}

describe("a graph that the editor exported, written as a file and read again, is the same", () => {
  test.each(pairs)("$name", ({ workflow, objectInfo }) => {
    const layouts = readLayouts(objectInfo);
    const { graph } = convertWorkflow(workflow, layouts);
    expect(again(definitionOf(graph), layouts).graph).toEqual(graph);
  });
});

const literal = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.integer(),
  fc.boolean(),
  fc.constant({ $integer: "18446744073709551615" }),
  fc.record({ __value__: fc.array(fc.integer(), { maxLength: 3 }) }),
);
const inputNames = ["text", "seed", "steps", "width", "clip", "image", "images.image0", "format", "lora_1", "time"];
const someId = fc.oneof(fc.integer({ min: 1, max: 99 }).map(String), fc.constantFrom("model", "2:401:3", "0", "x y"));

/** Graphs of some nodes, classes nobody describes among them, whose links lead to nodes that exist and in no ring. */
const graphs: fc.Arbitrary<Graph> = fc
  .uniqueArray(someId, { minLength: 1, maxLength: 8 })
  .chain((ids) =>
    fc.tuple(
      fc.constant(ids),
      fc.array(
        fc.record({
          type: fc.constantFrom(...Object.keys(classes), "Unknown", "Power Lora Loader (rgthree)"),
          inputs: fc.dictionary(fc.constantFrom(...inputNames), fc.oneof(literal, fc.nat(7))),
          links: fc.dictionary(fc.constantFrom(...inputNames), fc.tuple(fc.nat(7), fc.nat(3))),
        }),
        { minLength: ids.length, maxLength: ids.length },
      ),
    ),
  )
  .map(([ids, nodes]) =>
    Object.fromEntries(
      nodes.map(({ type, inputs, links }, index) => [
        ids[index],
        {
          class_type: type,
          inputs: {
            ...inputs,
            ...Object.fromEntries(
              Object.entries(links).flatMap(([name, [to, slot]]) => (to < index ? [[name, [ids[to], slot]]] : [])),
            ),
          },
        },
      ]),
    ),
  );

test("a link to an output that no node has is no reason to write all outputs before it", () => {
  const graph: Graph = {
    "1": { class_type: "Unknown", inputs: { images: ["2", 4_000_000_000] } },
    "2": { class_type: "Unknown", inputs: {} },
  };
  expect(again(definitionOf(graph), classes).graph).toMatchObject(graph);
});

test("any graph is the same after its way through a file, with every value and link and no other", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const read = again(definitionOf(graph), classes).graph;
      const plain = Object.entries(read).map(([id, { class_type, inputs }]) => [id, { class_type, inputs }]);
      expect(Object.fromEntries(plain)).toEqual(graph);
    }),
    { numRuns: 150 },
  );
});

describe("a drawing stays as its author made it", () => {
  const node = (id: number, pos: unknown) => ({
    id,
    type: "Number",
    mode: 0,
    pos,
    outputs: [{ name: "INT", type: "INT" }],
    widgets_values: [id, "fixed"],
  });
  const drawing = (...nodes: object[]) => convertWorkflow({ version: 0.4, nodes, links: [] }, classes);

  test("each node is written where the file had it, as a list or as an object", () => {
    const { graph, positions } = drawing(node(1, [40, -20.5]), node(7, { 0: 900, 1: 310 }));
    if (positions === null) throw new Error("the file says where its nodes stand");
    const { file } = again({ ...definitionOf(graph), positions }, classes);
    expect(file.nodes.map(({ pos }) => pos)).toEqual([
      [40, -20.5],
      [900, 310],
    ]);
    expect(convertWorkflow(file, classes).positions).toEqual(positions);
  });

  test("one node without a place, and all are placed anew", () => {
    expect(drawing(node(1, [40, -20]), node(7, ["far", null])).positions).toBeNull();
  });
});
