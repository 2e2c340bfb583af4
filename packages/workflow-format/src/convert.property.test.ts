import * as fc from "fast-check";
import { expect, test } from "vitest";
import { convertWorkflow } from "./convert.ts";
import { readLayouts } from "./layout/read-layouts.ts";
import { unwrapWorkflow } from "./read/unwrap.ts";
import { layouts } from "./testing/build.ts";

const ids = ["dddddddd-dddd-4ddd-8ddd-dddddddddddd", "eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee"];
const junk = fc.jsonValue({ maxDepth: 1 });
const orJunk = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: junk });
const record = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
  fc.record(fields, { requiredKeys: [] });
const small = fc.integer({ min: 0, max: 12 });
const nodeId = fc.oneof({ weight: 6, arbitrary: small }, fc.constantFrom(-10, -20, "x"));
const type = fc.constantFrom(
  ...Object.keys(layouts),
  ...ids,
  ...[
    "Reroute",
    "PrimitiveNode",
    "Note",
    "GetNode",
    "SetNode",
    "Anything Everywhere",
    "workflow>pair",
    "workflow/none",
    "Strange",
    "__proto__",
    "constructor",
  ],
);
const slotType = fc.constantFrom("IMAGE", "INT", "*", "MODEL", "INT,FLOAT", "COMBO");
const name = fc.constantFrom("image", "width", "seed", "text", "clip", "in", "", "__proto__");
const input = record({
  name: orJunk(name),
  type: orJunk(slotType),
  link: orJunk(fc.option(small)),
  widget: orJunk(fc.option(record({ name }))),
});
const values = fc.oneof(
  fc.array(junk, { maxLength: 6 }),
  fc.dictionary(name, junk),
  fc.constant(["pic"]),
  fc.constant(null),
);
const node = record({
  id: orJunk(small),
  type: orJunk(type),
  mode: orJunk(fc.constantFrom(0, 0, 0, 2, 4)),
  inputs: orJunk(fc.array(orJunk(input), { maxLength: 4 })),
  outputs: orJunk(fc.array(orJunk(record({ name, type: slotType })), { maxLength: 3 })),
  widgets_values: orJunk(values),
  properties: orJunk(record({ cnr_id: fc.constant("pack") })),
});
const link = fc.oneof(
  fc.tuple(small, nodeId, fc.nat(3), nodeId, fc.nat(3), slotType),
  record({ id: small, origin_id: nodeId, origin_slot: fc.nat(3), target_id: nodeId, target_slot: fc.nat(3) }),
);
const graph = {
  nodes: orJunk(fc.array(orJunk(node), { maxLength: 8 })),
  links: orJunk(fc.array(orJunk(link), { maxLength: 14 })),
};
const slots = orJunk(
  fc.array(orJunk(record({ name, type: slotType, linkIds: fc.array(small, { maxLength: 3 }) })), { maxLength: 3 }),
);
const subgraph = record({
  ...graph,
  id: fc.constantFrom(...ids),
  name: fc.constant("Inner"),
  inputs: slots,
  outputs: slots,
});
const group = record({
  nodes: fc.array(node, { maxLength: 3 }),
  links: fc.array(fc.array(fc.nat(2)), { maxLength: 3 }),
});
const file = record({
  ...graph,
  version: fc.constantFrom(0.4, 1),
  last_node_id: orJunk(small),
  definitions: orJunk(record({ subgraphs: orJunk(fc.array(orJunk(subgraph), { maxLength: 3 })) })),
  extra: orJunk(record({ groupNodes: orJunk(fc.record({ pair: orJunk(group) })) })),
});

test("nothing of roughly the editor's form makes it throw, and every link of its answer leads to a node of it", () => {
  fc.assert(
    fc.property(file, (given) => {
      const { graph: answer, findings } = convertWorkflow(given, layouts);
      const links = Object.values(answer).flatMap(({ inputs }) => Object.values(inputs).filter(Array.isArray));
      const loose = links.filter(([id]) => !Object.hasOwn(answer, id));
      const odd = findings.filter(({ id, message }) => /undefined|\[object/.test(`${id} ${message}`));
      expect({ loose, odd }).toEqual({ loose: [], odd: [] });
    }),
    { numRuns: 200 },
  );
});

test("no JSON at all makes it throw, neither as the file nor as what a server says of its nodes", () => {
  fc.assert(
    fc.property(fc.jsonValue(), file, (nonsense, given) => {
      convertWorkflow(nonsense, layouts);
      convertWorkflow(
        given,
        readLayouts({ Scale: nonsense, Save: { input: nonsense }, Load: { input: { required: nonsense } } }),
      );
    }),
    { numRuns: 100 },
  );
});

test("the order of the nodes in the file does not matter", () => {
  const sound = fc.uniqueArray(
    node.filter((each) => Number.isInteger((each as { id?: unknown }).id)),
    {
      selector: (each) => (each as { id: number }).id,
      // Two setters of one name: the first wins, so that there the order does matter.
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(
      sound,
      fc.uniqueArray(link, { selector: (each) => JSON.stringify(each) }),
      fc.nat(7),
      (nodes, links, turn) => {
        const given = nodes.filter((each) => (each as { type?: unknown }).type !== "SetNode");
        const turned = [...given.slice(turn), ...given.slice(0, turn)];
        expect(convertWorkflow({ nodes: turned, links }, layouts).graph).toEqual(
          convertWorkflow({ nodes: given, links }, layouts).graph,
        );
      },
    ),
    { numRuns: 100 },
  );
});

test("the same file gives the same answer, and is not changed", () => {
  fc.assert(
    fc.property(file, (given) => {
      const before = JSON.stringify(given);
      const first = convertWorkflow(given, layouts);
      expect(convertWorkflow(given, layouts)).toEqual(first);
      expect(JSON.stringify(given)).toBe(before);
    }),
    { numRuns: 60 },
  );
});

test("a workflow that was taken out of something is not taken apart again", () => {
  const wrapped = fc.oneof(file, fc.record({ workflow: file }), fc.record({ input: fc.record({ workflow: file }) }));
  fc.assert(
    fc.property(wrapped, (given) => {
      const once = unwrapWorkflow(given);
      expect(unwrapWorkflow(once)).toBe(once);
    }),
    { numRuns: 100 },
  );
});
