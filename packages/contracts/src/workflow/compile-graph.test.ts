import { expect, test } from "vitest";
import { compileGraph } from "./compile-graph.ts";
import type { Graph, Parameter } from "./workflow.ts";

const picture = { uploadId: "01890a5d-ac96-774b-bcce-b302099a8057" };

test.each<[string, Graph[string], Graph[string]]>([
  [
    "its name in a loader that takes names",
    { class_type: "LoadImage", inputs: { image: "mine.png" } },
    { class_type: "LoadImage", inputs: { image: "darkroom/a.png" } },
  ],
  [
    "LoadImage in the place of a loader that takes a path",
    {
      class_type: "VHS_LoadImagePath",
      inputs: { image: "/home/me/a.png", custom_width: 0, custom_height: 0 },
      _meta: { title: "Face" },
    },
    { class_type: "LoadImage", inputs: { image: "darkroom/a.png" }, _meta: { title: "Face" } },
  ],
  [
    "LoadImage in the place of a loader that takes base64",
    { class_type: "easy loadImageBase64", inputs: { base64_data: "AAAA", image_output: "Preview", save_prefix: "x" } },
    { class_type: "LoadImage", inputs: { image: "darkroom/a.png" } },
  ],
  [
    "LoadImage in the place of another one that takes base64",
    { class_type: "ETN_LoadImageBase64", inputs: { image: "AAAA" } },
    { class_type: "LoadImage", inputs: { image: "darkroom/a.png" } },
  ],
  [
    "its name alone where the loader scales, too",
    { class_type: "VHS_LoadImagePath", inputs: { image: "/home/me/a.png", custom_width: 512, custom_height: 0 } },
    { class_type: "VHS_LoadImagePath", inputs: { image: "darkroom/a.png", custom_width: 512, custom_height: 0 } },
  ],
])("an uploaded picture becomes %s", (_what, loader, sent) => {
  const [input = ""] = Object.keys(loader.inputs);
  const definition = { graph: { "1": loader }, bindings: [{ parameter: "image", node: "1", input }] };
  expect(compileGraph(definition, { image: picture }, { image: "darkroom/a.png" })).toEqual({ "1": sent });
  expect(definition.graph["1"]).toBe(loader);
});

const mask: Parameter = { kind: "mask", name: "mask", label: "Mask", required: true };
const masked = (loader: Graph[string], links: Graph[string]["inputs"]) => {
  const graph = { "1": loader, "2": { class_type: "SetLatentNoiseMask", inputs: links } };
  const definition = { graph, parameters: [mask], bindings: [{ parameter: "mask", node: "1", input: "image" }] };
  return compileGraph(definition, { mask: picture }, { mask: "darkroom/a.png" });
};
const whiteRead = { class_type: "LoadImageMask", inputs: { image: "darkroom/a.png", channel: "red" } };

test("what is white in a mask is the mask, also where the graph reads what is transparent in a picture", () => {
  const loader = { class_type: "LoadImage", inputs: { image: "mine.png" } };
  expect(masked(loader, { mask: ["1", 1] })).toMatchObject({ "1": whiteRead, "2": { inputs: { mask: ["1", 0] } } });
  const channel = { class_type: "LoadImageMask", inputs: { image: "mine.png", channel: "alpha" } };
  expect(masked(channel, { mask: ["1", 0] })).toMatchObject({ "1": whiteRead, "2": { inputs: { mask: ["1", 0] } } });
});

test("a picture that is used beside its mask brings its own, and another channel is read as the graph says", () => {
  const loader = { class_type: "LoadImage", inputs: { image: "mine.png" } };
  expect(masked(loader, { mask: ["1", 1], samples: ["1", 0] })["1"]).toEqual({
    ...loader,
    inputs: { image: "darkroom/a.png" },
  });
  const green = { class_type: "LoadImageMask", inputs: { image: "mine.png", channel: "green" } };
  expect(masked(green, { mask: ["1", 0] })["1"]?.inputs.channel).toBe("green");
});

test("a value goes into the object that an input holds; its other parts and the definition stay as they are", () => {
  const box = { x: 8, y: 16, width: 120, height: 90 };
  const crop = { class_type: "ImageCropV2", inputs: { crop_region: box, "mode.x": 3, mode: "fit" } };
  const bindings = ["crop_region.x", "crop_region.width", "mode.x"].map((input) => ({
    parameter: input,
    node: "1",
    input,
  }));
  const sent = compileGraph(
    { graph: { "1": crop }, bindings },
    { "crop_region.x": 0, "crop_region.width": 64, "mode.x": 5 },
  );
  expect(sent["1"]?.inputs).toEqual({ crop_region: { ...box, x: 0, width: 64 }, "mode.x": 5, mode: "fit" });
  expect(box).toEqual({ x: 8, y: 16, width: 120, height: 90 });
});

test("a choice among those that its author wrote goes with its number", () => {
  const combo = {
    class_type: "CustomCombo",
    inputs: { choice: "a", index: 0, option1: "a", option2: "b", option3: "" },
  };
  const bindings = [{ parameter: "look", node: "1", input: "choice" }];
  const sent = (look: string) => compileGraph({ graph: { "1": combo }, bindings }, { look })["1"]?.inputs;
  expect(sent("b")).toEqual({ ...combo.inputs, choice: "b", index: 1 });
  expect(sent("a")).toEqual(combo.inputs);
});
