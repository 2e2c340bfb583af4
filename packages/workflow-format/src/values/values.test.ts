import { graphText, parseGraphText } from "@darkroom/contracts";
import { describe, expect, test } from "vitest";
import { convertWorkflow } from "../convert.ts";
import { readLayouts } from "../layout/read-layouts.ts";
import { converted, layouts, node } from "../testing/build.ts";

describe("values", () => {
  const inputsOf = (type: string, values: unknown, inputs: Record<string, number | null> = {}) =>
    converted([node({ id: 1, type, values, in: inputs })], []).graph["1"]?.inputs;

  test("a seed that does not ask for it has control_after_generate behind it all the same", () => {
    expect(inputsOf("Sample", [7, "fixed", 30, "euler", 0.5])).toEqual({
      seed: 7,
      steps: 30,
      sampler: "euler",
      denoise: 0.5,
    });
  });

  test("a seed that a choice brings has it only if its class asks", () => {
    const option = { key: "a", inputs: { required: { seed: ["INT"], after: ["INT"] } } };
    const known = readLayouts({
      Dream: { input: { required: { model: ["COMFY_DYNAMICCOMBO_V3", { options: [option] }] } } },
    });
    const nodes = [node({ id: 1, type: "Dream", values: ["a", 5, 6] })];
    expect(convertWorkflow({ nodes, links: [] }, known).graph["1"]?.inputs).toEqual({
      model: "a",
      "model.seed": 5,
      "model.after": 6,
    });
  });

  test("a list of choices that is drawn has the filter of the list behind it too", () => {
    expect(inputsOf("Pick", ["b", "fixed", "", 0.25])).toEqual({ lora: "b", strength: 0.25 });
  });

  test("too few get the defaults and are noted, too many are dropped, an empty choice is the first", () => {
    const { graph, findings } = converted([node({ id: 1, type: "Sample", values: [7] })], []);
    expect(graph["1"]?.inputs).toEqual({ seed: 7, steps: 20, sampler: "heun", denoise: 1 });
    expect(findings).toMatchObject([{ code: "INPUT_DEFAULTED", severity: "note", field: "steps" }]);
    expect(inputsOf("Sample", [7, "fixed", 30, null, 1, "more", 3])).toMatchObject({ sampler: "euler", denoise: 1 });
  });

  test("an input that became a socket has its old value dropped if the count says that it is there", () => {
    expect(inputsOf("Forced", ["old text", "y"])).toEqual({ mode: "y" });
    expect(inputsOf("Forced", ["y"])).toEqual({ mode: "y" });
  });

  test("so has a seed that became a socket, with what was behind it; a pack's widget for a number holds one", () => {
    expect(inputsOf("Seeded", [5, "fixed", 2.5, "sample_euler"])).toEqual({ time: 2.5, sampler_name: "euler" });
    expect(inputsOf("Seeded", [2.5, "heun"])).toEqual({ time: 2.5, sampler_name: "heun" });
  });

  test("a class that ComfyUI has renamed has its new name", () => {
    const { graph } = converted([node({ id: 1, type: "T2IAdapterLoader", values: ["a.safetensors"] })], []);
    expect(graph["1"]).toMatchObject({ class_type: "ControlNetLoader", inputs: { control_net_name: "a.safetensors" } });
  });

  test("a choice brings its own inputs right behind it, at any depth", () => {
    expect(inputsOf("Codec", ["mp4", "h264", 18, 5])).toEqual({
      format: "mp4",
      "format.codec": "h264",
      "format.codec.crf": 18,
      after: 5,
    });
    expect(inputsOf("Codec", ["auto", 5])).toEqual({ format: "auto", after: 5 });
    expect(inputsOf("Codec", ["unheard of", 5])).toEqual({ format: "unheard of", after: 5 });
  });

  test("a video format brings its own inputs, by name, and not what the page shows beside them", () => {
    const values = {
      frame_rate: 12,
      format: "video/h264-mp4",
      crf: 22,
      pingpong: true,
      videopreview: { hidden: false },
    };
    expect(inputsOf("Combine", values)).toEqual({ frame_rate: 12, format: "video/h264-mp4", crf: 22, pingpong: true });
    expect(inputsOf("Combine", [12, "video/h264-mp4", true])).toMatchObject({ crf: 19, pingpong: true });
  });

  test.each([
    ["640x?", 640, 0],
    ["?x480", 0, 480],
    ["256x256", 256, 256],
    ["Disabled", 0, 0],
    ["Custom Width", 512, 0],
    ["Custom Height", 0, 384],
    ["Custom", 512, 384],
  ])("a video that was loaded with the size “%s” has it as width and height", (size, width, height) => {
    const names = ["custom_width", "custom_height", "frame_load_cap"];
    const known = readLayouts({
      VHS_LoadVideo: { input: { required: Object.fromEntries(names.map((name) => [name, ["INT"]])) } },
    });
    const values = { force_size: size, custom_width: 512, custom_height: 384, frame_load_cap: 9 };
    const nodes = [node({ id: 1, type: "VHS_LoadVideo", values })];
    expect(convertWorkflow({ nodes, links: [] }, known).graph["1"]?.inputs).toEqual({
      custom_width: width,
      custom_height: height,
      frame_load_cap: 9,
    });
  });

  test("a place that an old file leaves empty is no value of a type that only a pack knows", () => {
    const known = readLayouts({
      VHS_VideoCombine: {
        input: {
          required: { frame_rate: ["FLOAT"], format: [["image/gif"]], save_output: ["BOOLEAN", { default: true }] },
          optional: { meta_batch: ["VHS_BatchManager"] },
        },
      },
    });
    const inputsOfOld = (values: unknown[] | object) =>
      convertWorkflow({ nodes: [node({ id: 1, type: "VHS_VideoCombine", values })], links: [] }, known).graph["1"]
        ?.inputs;
    const old = { frame_rate: 12, format: "image/gif", save_output: false };
    expect(inputsOfOld([12, "image/gif", false, null, "/view?filename=x"])).toEqual(old);
    expect(inputsOfOld([12, 0, "x", "image/gif", true, false, null, "/view?filename=x"])).toEqual(old);
    expect(inputsOfOld({ frame_rate: 12, format: "image/gif", save_image: false })).toEqual(old);
  });

  test("a value too many is none of an input of ComfyUI's own that is only ever linked", () => {
    const known = readLayouts({
      Preview3D: { input: { required: { model_file: ["STRING"] }, optional: { camera_info: ["LOAD3D_CAMERA"] } } },
    });
    const nodes = [node({ id: 1, type: "Preview3D", values: ["a.glb", "original", ""] })];
    expect(convertWorkflow({ nodes, links: [] }, known).graph["1"]?.inputs).toEqual({ model_file: "a.glb" });
  });

  test("numbers keep every digit of the file", () => {
    const text = `{"nodes":[{"id":1,"type":"Number","widgets_values":[18446744073709551615,"fixed"]}],"links":[]}`;
    expect(graphText(convertWorkflow(parseGraphText(text), layouts).graph)).toContain('"value":18446744073709551615');
  });

  test("a class that nobody knows has them by the names of its widgets where the file has one for each", () => {
    const { graph } = converted(
      [node({ id: 1, type: "Strange", values: [3, "soft"], in: { "size!": null, "kind!": null }, out: ["IMAGE"] })],
      [],
    );
    expect(graph["1"]).toMatchObject({ class_type: "Strange", inputs: { size: 3, kind: "soft" } });
  });

  test("the LoRAs of rgthree's loader are sent as it sends them", () => {
    const lora = { on: true, lora: "a.safetensors", strength: 1, strengthTwo: null };
    const rgthree = "Power Lora Loader (rgthree)";
    const known = { ...layouts, [rgthree]: { inputs: [], outputs: ["MODEL"] } };
    const nodes = [node({ id: 1, type: rgthree, values: [{}, { type: "PowerLoraLoaderHeaderWidget" }, lora, {}, ""] })];
    expect(convertWorkflow({ nodes, links: [] }, known).graph["1"]?.inputs).toEqual({
      lora_1: { on: true, lora: "a.safetensors", strength: 1 },
    });
  });
});

describe("what the editor's page draws", () => {
  test("holds its places: the buttons of a 3D view and the view itself, of which nothing is sent and nothing is missing", () => {
    const values = ["a.glb", "upload3dmodel", "uploadExtraResources", "clear", "", 512];
    const { graph, findings } = converted([node({ id: 1, type: "View", values })], []);
    expect(graph["1"]?.inputs).toEqual({ file: "a.glb", width: 512 });
    expect(findings).toEqual([]);
  });

  test("is sent where a class requires it: the two pictures of a comparison, which are none yet", () => {
    const { graph, findings } = converted([node({ id: 1, type: "Compare", values: [] })], []);
    expect(graph["1"]?.inputs).toEqual({ view: { __value__: ["", ""] } });
    expect(findings).toEqual([]);
  });

  test("of a custom combo are its choices up to the first empty one, and the number of the chosen one among them", () => {
    const inputs = (values: unknown[]) =>
      converted([node({ id: 1, type: "CustomCombo", values })], []).graph["1"]?.inputs;
    expect(inputs(["b", 7, "a", "b", ""])).toEqual({ choice: "b", index: 1, option1: "a", option2: "b", option3: "" });
    expect(inputs(["c", 0, "a", "", "c"])).toEqual({ choice: "c", index: -1, option1: "a", option2: "" });
  });
});

test("a Primitive that feeds several widgets puts a number into them that all of them take", () => {
  const inputs = { "first:INT!": 1, "second:INT!": 2 };
  const put = (value: number) =>
    converted(
      [
        node({ id: 1, type: "PrimitiveNode", values: [value, "fixed"], out: ["INT"] }),
        node({ id: 3, type: "Pair", values: [64, 64], in: inputs }),
      ],
      [
        [1, 1, 0, 3, 0, "INT"],
        [2, 1, 0, 3, 1, "INT"],
      ],
    ).graph["3"]?.inputs;
  expect(put(1080)).toEqual({ first: 1080, second: 1080 });
  expect(put(1076)).toEqual({ first: 1080, second: 1080 });
  expect(put(4)).toEqual({ first: 24, second: 24 });
  expect(put(5000)).toEqual({ first: 2040, second: 2040 });
});

test("a Primitive whose first link leads into a subgraph keeps its number", () => {
  const id = "eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee";
  const inner = node({ id: 11, type: "Sample", values: [3, "fixed", 20], in: { "steps:INT!": 1 } });
  const links = [{ id: 1, origin_id: -10, origin_slot: 0, target_id: 11, target_slot: 0 }];
  const { graph } = converted(
    [
      node({ id: 1, type: "PrimitiveNode", values: [7000, "fixed"], out: ["INT"] }),
      node({ id: 2, type: id, in: { "steps:INT!": 1 } }),
      node({ id: 3, type: "Steps", values: [81, 1], in: { "length:INT!": 2 } }),
    ],
    [
      [1, 1, 0, 2, 0, "INT"],
      [2, 1, 0, 3, 0, "INT"],
    ],
    {
      definitions: {
        subgraphs: [
          { id, name: "Inner", inputs: [{ name: "steps", type: "INT" }], outputs: [], nodes: [inner], links },
        ],
      },
    },
  );
  expect([graph["2:11"]?.inputs.steps, graph["3"]?.inputs.length]).toEqual([7000, 7001]);
});

test("a Primitive puts in the nearest number that the widget takes: by its steps, rounded and within its bounds", () => {
  const put = (length: number, strength: number) =>
    converted(
      [
        node({ id: 1, type: "PrimitiveNode", values: [length, "fixed"], out: ["INT"] }),
        node({ id: 2, type: "PrimitiveNode", values: [strength, "fixed"], out: ["FLOAT"] }),
        node({ id: 3, type: "Steps", values: [80, 0.333], in: { "length:INT!": 1, "strength:FLOAT!": 2 } }),
      ],
      [
        [1, 1, 0, 3, 0, "INT"],
        [2, 2, 0, 3, 1, "FLOAT"],
      ],
    ).graph["3"]?.inputs ?? {};
  expect(put(80, 0.336)).toEqual({ length: 81, strength: 0.34 });
  expect(put(81, 42)).toEqual({ length: 81, strength: 10 });
  expect(put(0, 5).length).toBe(1);
  expect(converted([node({ id: 3, type: "Steps", values: [80, 0.336] })], []).graph["3"]?.inputs).toEqual({
    ...{ length: 80, strength: 0.336 },
  });
});
