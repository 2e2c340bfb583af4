import { expect, test } from "vitest";
import { compileGraph } from "./compile-graph.ts";
import type { Graph } from "./workflow.ts";

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
