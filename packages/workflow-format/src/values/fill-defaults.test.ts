import { expect, test } from "vitest";
import { readLayouts } from "../layout/read-layouts.ts";
import { fillDefaults } from "./fill-defaults.ts";

const options = [{ key: "by factor", inputs: { required: { factor: ["FLOAT", { default: 2 }] } } }];
const layouts = readLayouts({
  Encode: {
    input: {
      required: { image: ["IMAGE"], crop: [["center", "none"], { default: "center" }], grow: ["INT", { default: 6 }] },
      optional: { strength: ["FLOAT", { default: 1 }] },
    },
  },
  Resize: { input: { required: { image: ["IMAGE"], size: ["COMFY_DYNAMICCOMBO_V3", { options }] } } },
  LoadImage: { input: { required: { image: [["somebody's.png"], { image_upload: true }] } } },
});

function filledOf(class_type: string, inputs: Record<string, unknown>) {
  const { graph, filled } = fillDefaults({ "1": { class_type, inputs } }, layouts);
  return { inputs: graph["1"]?.inputs, fields: filled.map(({ field }) => field) };
}

test("required inputs that a class has gained get its defaults; sockets and optional ones stay as they are", () => {
  expect(filledOf("Encode", { image: ["2", 0], grow: 3 })).toEqual({
    inputs: { image: ["2", 0], grow: 3, crop: "center" },
    fields: ["crop"],
  });
  expect(filledOf("Encode", {}).inputs).toEqual({ crop: "center", grow: 6 });
});

test("what a choice brings is filled in with it", () => {
  expect(filledOf("Resize", { size: "by factor" }).inputs).toEqual({ size: "by factor", "size.factor": 2 });
  expect(filledOf("Resize", {}).fields).toEqual(["size", "size.factor"]);
  expect(filledOf("Resize", { size: "no such" }).fields).toEqual([]);
});

test("nobody's file is taken for somebody else's", () => {
  expect(filledOf("LoadImage", {}).fields).toEqual([]);
});

test("a graph that lacks nothing, or whose classes nobody knows, is the same", () => {
  const graph = { "1": { class_type: "Unknown", inputs: {} } };
  expect(fillDefaults(graph, layouts).graph).toBe(graph);
});
