import type { Graph, NodeInfo, Parameter } from "@darkroom/contracts";
import { describe, expect, test } from "vitest";
import { encode, graphWith, labelsOf, node, placesOf, sample, suggestedOf } from "../check/test-graphs.ts";

// What a form asks for, rule by rule. The classes are told by their names here: no backend describes them.

/** Flux as people share it: guidance with the prompt, noise, sampler and steps in nodes of their own. */
const flux: Graph = {
  positive: node("FluxGuidance", { guidance: 3.5, conditioning: ["text", 0] }),
  text: encode("a lake"),
  guider: node("BasicGuider", { model: ["shift", 0], conditioning: ["positive", 0] }),
  noise: node("RandomNoise", { noise_seed: 5 }),
  pick: node("KSamplerSelect", { sampler_name: "euler" }),
  sigmas: node("BasicScheduler", { scheduler: "simple", steps: 20, denoise: 1, model: ["shift", 0] }),
  shift: node("ModelSamplingFlux", { max_shift: 1.15, base_shift: 0.5, width: 512, height: 640, model: ["model", 0] }),
  sampler: node("SamplerCustomAdvanced", {
    ...{ noise: ["noise", 0], guider: ["guider", 0], sampler: ["pick", 0], sigmas: ["sigmas", 0] },
    latent_image: ["latent", 0],
  }),
};

describe("a form asks", () => {
  test("for both prompts by their sides, through a node of a pack that gives them back behind a model", () => {
    const passed = { positive: ["positive", 0], negative: ["negative", 0], model: ["model", 0] };
    const { prompt, negativePrompt } = placesOf(
      graphWith({
        face: node("ApplyInstantID", passed),
        sampler: sample({ model: ["face", 0], positive: ["face", 1], negative: ["face", 2] }),
      }),
    );
    expect({ prompt, negativePrompt }).toEqual({ prompt: "positive.text", negativePrompt: "negative.text" });
  });

  test("for the words of a song apart from its style, for what is to be found in a picture, and for no number of sounds", () => {
    const { prompt, lyrics, count } = placesOf(
      graphWith({
        positive: node("TextEncodeAceStepAudio1.5", { tags: "jazz", lyrics: "la la", clip: ["model", 1] }),
        latent: node("LTXVEmptyLatentAudio", { frames_number: 97, batch_size: 1 }),
      }),
    );
    expect([prompt, lyrics, count]).toEqual(["positive.tags", "positive.lyrics", undefined]);
    const model = graphWith({ latent: node("EmptyLatentHunyuan3Dv2", { resolution: 3072, batch_size: 1 }) });
    expect(placesOf(model).count).toBeUndefined();
    const search: Graph = {
      model: node("CheckpointLoaderSimple", { ckpt_name: "sam3.safetensors" }),
      text: encode("a dog"),
      find: node("SAM3_Detect", { model: ["model", 0], conditioning: ["text", 0], image: ["one", 0] }),
      one: node("LoadImage", { image: "a.png" }),
      save: node("SaveImage", { filename_prefix: "x", images: ["find", 0] }),
    };
    expect(placesOf(search).prompt).toBe("text.text");
  });

  test("by what stands in brackets behind the name of a class", () => {
    const info: NodeInfo = {
      PrimitiveInt: {
        ...{ title: "Int", module: "nodes", outputNode: false, outputs: ["INT"] },
        inputs: { value: { type: "INT", required: true, default: 0 } },
      },
    };
    const graph = graphWith({
      seconds: node("PrimitiveInt", { value: 5 }, "Int (Song duration)"),
      tool: node("MakeSong", { mood: ["seconds", 0] }),
      sampler: sample({ extra: ["tool", 0] }),
    });
    expect(suggestedOf(graph, info).map(({ parameter }) => parameter.label)).toContain("Song duration");
  });

  test("by the plain word where a title only says the class again, also of a class that no server has", () => {
    const titled = (title: string): string[] =>
      labelsOf(graphWith({ positive: { ...encode("a lake"), class_type: "MZ_TextEncode", _meta: { title } } }));
    expect(titled("Text Encode 🐍")).toContain("Prompt");
    expect(titled("The scene")).toContain("The scene");
    const twice = Object.fromEntries(
      ["positive", "negative"].map((id) => [
        id,
        { ...encode(id), class_type: "MZ_ChatGLM3", _meta: { title: "MinusZone - Words" } },
      ]),
    );
    expect(labelsOf(graphWith(twice))).toEqual(expect.arrayContaining(["Prompt", "Negative prompt"]));
  });

  test.each<[string, Graph, Record<string, string | undefined>]>([
    [
      "for the prompts that reach the sampler, through nodes that join, hold and switch texts",
      {
        positive: encode(["join", 0]),
        join: node("StringConcatenate", { string_a: ["word", 0], string_b: "in oil", delimiter: ", " }),
        word: node("PrimitiveStringMultiline", { value: "a lake" }),
        negative: node("ConditioningCombine", { conditioning_1: ["fog", 0], conditioning_2: ["rain", 0] }),
        fog: encode("fog"),
        rain: encode("rain"),
      },
      { prompt: "join.string_b", prompt2: "word.value", negativePrompt: "fog.text", negativePrompt2: "rain.text" },
    ],
    [
      "for one prompt where several encoders have the same text",
      { positive: node("CLIPTextEncodeSD3", { clip_l: "a", clip_g: "a", t5xxl: "a", clip: ["model", 1] }) },
      { prompt: "positive.clip_l positive.clip_g positive.t5xxl", prompt2: undefined },
    ],
    [
      "for no negative prompt that is zeroed or that a guidance of 1 leaves out",
      { sampler: sample({ cfg: 1 }) },
      { prompt: "positive.text", negativePrompt: undefined, cfg: "sampler.cfg" },
    ],
    [
      "for no text that becomes zeros",
      { positive: node("ConditioningZeroOut", { conditioning: ["text", 0] }), text: encode("unused") },
      { prompt: undefined, negativePrompt: "negative.text" },
    ],
    [
      "for no text that a node only shows",
      {
        positive: encode(["shown", 0]),
        shown: node("ShowText|pysssss", { text: ["word", 0], text_0: "old" }),
        word: node("PrimitiveString", { value: "a lake" }),
      },
      { prompt: "word.value", prompt2: undefined },
    ],
    [
      "for the prompts of packs without conditioning, by their names",
      {
        sampler: node("WanVideoSampler", {
          seed: 1,
          steps: 30,
          cfg: 6,
          text_embeds: ["text", 0],
          image_embeds: ["size", 0],
        }),
        text: node("WanVideoTextEncode", { positive_prompt: "a lake", negative_prompt: "fog", t5: ["t5", 0] }),
        t5: node("LoadWanVideoT5TextEncoder", { model_name: "t5.safetensors", precision: "bf16" }),
        size: node("WanVideoEmptyEmbeds", { width: 832, height: 480, num_frames: 81 }),
      },
      {
        ...{ prompt: "text.positive_prompt", negativePrompt: "text.negative_prompt", textEncoder: "t5.model_name" },
        ...{ width: "size.width", length: "size.num_frames", model: undefined },
      },
    ],
    [
      "for Flux's own guidance before a cfg of 1, and for its noise, and sets equal sizes together",
      flux,
      {
        ...{ prompt: "text.text", negativePrompt: undefined, cfg: "positive.guidance", seed: "noise.noise_seed" },
        ...{ steps: "sigmas.steps", sampler: "pick.sampler_name", scheduler: "sigmas.scheduler", denoise: undefined },
        ...{ width: "latent.width shift.width", height: "latent.height shift.height" },
      },
    ],
    [
      "for no cfg of 1 beside a guidance",
      {
        positive: node("FluxGuidance", { guidance: 3.5, conditioning: ["text", 0] }),
        text: encode("a"),
        sampler: sample({ cfg: 1 }),
      },
      { cfg: "positive.guidance", cfg2: undefined },
    ],
    [
      "for the video and the sound that running nodes load",
      {
        film: node("LoadVideo", { file: "mine.mp4" }),
        parts: node("GetVideoComponents", { video: ["film", 0] }),
        noise: node("LoadAudio", { audio: "mine.mp3" }),
        video: node("CreateVideo", { fps: 25, images: ["parts", 0], audio: ["noise", 0] }),
        save: node("SaveVideo", { filename_prefix: "x", video: ["video", 0] }),
      },
      { video: "film.file", audio: "noise.audio" },
    ],
    [
      "for length and frames per second of a video, one for all places, and no number of pictures",
      {
        latent: node("EmptyLTXVLatentVideo", { width: 768, height: 512, length: 97, batch_size: 1 }),
        positive: node("LTXVConditioning", { frame_rate: 25, positive: ["text", 0], negative: ["negative", 0] }),
        text: encode("a lake"),
        sampler: sample({ negative: ["positive", 1] }),
        video: node("CreateVideo", { fps: 25, images: ["sampler", 0] }),
        save: node("SaveVideo", { filename_prefix: "x", video: ["video", 0] }),
      },
      { length: "latent.length", fps: "positive.frame_rate video.fps", count: undefined, prompt: "text.text" },
    ],
    [
      "for the frames and the motion of SVD",
      {
        positive: node("SVD_img2vid_Conditioning", {
          ...{ width: 1024, height: 576, video_frames: 14, motion_bucket_id: 127, fps: 6, init_image: ["image", 0] },
        }),
        image: node("LoadImage", { image: "a.png" }),
        sampler: sample({ negative: ["positive", 1], latent_image: ["positive", 2] }),
      },
      {
        image: "image.image",
        length: "positive.video_frames",
        fps: "positive.fps",
        width: "positive.width",
        motion: "positive.motion_bucket_id",
      },
    ],
    [
      "for the seed of the pass that draws noise, and for the step at which the next begins",
      {
        sampler: node("KSamplerAdvanced", {
          ...{ add_noise: "disable", noise_seed: 0, steps: 20, cfg: 3, start_at_step: 10, end_at_step: 10_000 },
          ...{ positive: ["positive", 0], negative: ["negative", 0], latent_image: ["first", 0] },
        }),
        first: node("KSamplerAdvanced", {
          ...{ add_noise: "enable", noise_seed: 4, steps: 20, cfg: 3, start_at_step: 0, end_at_step: 10 },
          ...{ positive: ["positive", 0], negative: ["negative", 0], latent_image: ["latent", 0] },
        }),
      },
      { seed: "first.noise_seed", seed2: undefined, switchStep: "sampler.start_at_step first.end_at_step" },
    ],
    [
      "for a seed that stands in a node of its own",
      { sampler: sample({ seed: ["own", 0] }), own: node("Seed (rgthree)", { seed: 44 }) },
      { seed: "own.seed" },
    ],
    [
      "for how much is drawn anew only where that is not all of it",
      { sampler: sample({ latent_image: ["first", 0], denoise: 0.5, steps: 9 }), first: sample() },
      {
        denoise: "sampler.denoise",
        steps: "sampler.steps",
        steps2: "first.steps",
        sampler: "sampler.sampler_name first.sampler_name",
      },
    ],
    [
      "for each of the pictures, and for a mask where only that is used",
      {
        sampler: sample({ latent_image: ["encoded", 0] }),
        encoded: node("VAEEncodeForInpaint", { pixels: ["one", 0], mask: ["two", 1] }),
        one: node("LoadImage", { image: "a.png" }),
        two: node("LoadImage", { image: "b.png" }),
        positive: node("ReferenceLatent", { conditioning: ["text", 0], latent: ["three", 0] }),
        three: node("VHS_LoadImagePath", { image: "/home/me/a.png", custom_width: 0, custom_height: 0 }),
        text: encode("a lake"),
      },
      { image: "one.image", mask: "two.image", image2: "three.image", width: undefined },
    ],
    [
      "for LoRAs with their strengths, both at once where they are equal, and not for an empty slot",
      {
        sampler: sample({ model: ["lora", 0] }),
        lora: node("LoraLoader", {
          lora_name: "l.safetensors",
          strength_model: 0.8,
          strength_clip: 0.8,
          model: ["none", 0],
        }),
        none: node("LoraLoader", { lora_name: "None", strength_model: 1, strength_clip: 1, model: ["model", 0] }),
      },
      {
        lora: "lora.lora_name",
        loraStrength: "lora.strength_model lora.strength_clip",
        lora2: undefined,
        loraStrength2: undefined,
      },
    ],
    [
      "for every model file, whoever loads it",
      {
        sampler: sample({ model: ["unet", 0] }),
        unet: node("UnetLoaderGGUF", { unet_name: "u.gguf" }),
        positive: node("CLIPTextEncode", { text: "a", clip: ["clip", 0] }),
        clip: node("DualCLIPLoaderGGUF", { clip_name1: "a.gguf", clip_name2: "b.gguf", type: "flux" }),
        decode: node("VAEDecode", { samples: ["sampler", 0], vae: ["vae", 0] }),
        vae: node("VAELoader", { vae_name: "v.safetensors" }),
        larger: node("ImageUpscaleWithModel", { image: ["decode", 0], upscale_model: ["up", 0] }),
        up: node("UpscaleModelLoader", { model_name: "4x.pth" }),
        save: node("SaveImage", { images: ["larger", 0] }),
      },
      {
        ...{ model: "model.ckpt_name", model2: "unet.unet_name", textEncoder: "clip.clip_name1" },
        ...{ textEncoder2: "clip.clip_name2", vae: "vae.vae_name", upscaler: "up.model_name" },
      },
    ],
    [
      "for a switch, and for a number that its author put in a node of its own",
      {
        save: node("SaveImage", { images: ["choose", 0] }),
        choose: node("ComfySwitchNode", { switch: true, on_false: ["sampler", 0], on_true: ["blur", 0] }),
        blur: node("ImageBlur", { image: ["sampler", 0], blur_radius: ["radius", 0], sigma: 1 }),
        radius: node("PrimitiveInt", { value: 3 }),
      },
      { toggle: "choose.switch", value: "radius.value" },
    ],
    [
      "for one number that is width and height",
      {
        latent: node("EmptyLatentImage", { width: ["side", 0], height: ["side", 0], batch_size: 1 }),
        side: node("PrimitiveInt", { value: 512 }),
      },
      { side: "side.value", width: undefined },
    ],
    [
      "for what a switch hands on by what it is for in the end",
      {
        sampler: sample({ steps: ["fast", 0] }),
        fast: node("ComfySwitchNode", { switch: false, on_false: ["many", 0], on_true: ["few", 0] }),
        many: node("PrimitiveInt", { value: 40 }),
        few: node("PrimitiveInt", { value: 4 }),
      },
      { toggle: "fast.switch", steps: "many.value", steps2: "few.value", value: undefined },
    ],
    [
      "for the prompt that a choice of a service's model brings",
      {
        save: node("SaveImage", { images: ["service", 0] }),
        service: node("ServiceImage", {
          model: "x",
          "model.prompt": "a lake",
          "model.negative_prompt": "fog",
          size: "auto",
        }),
        other: node("SaveImage", { images: ["again", 0] }),
        again: node("ServiceImage", { prompt: "a hill", size: "1024x1024" }),
      },
      { negativePrompt: "service.model.negative_prompt", prompt: "service.model.prompt", size: "again.size" },
    ],
    [
      "for nothing that no output needs",
      { alone: node("LoadImage", { image: "a.png" }) },
      { image: undefined, prompt: "positive.text" },
    ],
  ])("%s", (_what, nodes, expected) => {
    const found = placesOf(graphWith(nodes));
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, found[name]]))).toEqual(expected);
  });

  test("for a box as four numbers in plain words, none of them beyond a picture", () => {
    const box = { x: 8, y: 16, width: 120, height: 90 };
    const asked = suggestedOf(
      graphWith({
        save: node("SaveImage", { images: ["crop", 0] }),
        crop: node("ImageCropV2", { crop_region: box, image: ["sampler", 0] }),
      }),
    );
    const sides = asked.filter(({ nodeId }) => nodeId === "crop");
    expect(sides.map(({ parameter, value, input }) => [parameter.label, parameter.name, input, value])).toEqual([
      ["Crop region left", "cropRegionX", "crop_region.x", 8],
      ["Crop region top", "cropRegionY", "crop_region.y", 16],
      ["Crop region width", "cropRegionWidth", "crop_region.width", 120],
      ["Crop region height", "cropRegionHeight", "crop_region.height", 90],
    ]);
    expect(sides.map(({ parameter }) => parameter)).toMatchObject([
      { kind: "integer", default: 8, min: 0, max: 16_384 },
      { kind: "integer", default: 16, min: 0, max: 16_384 },
      { kind: "integer", default: 120, min: 1, max: 16_384 },
      { kind: "integer", default: 90, min: 1, max: 16_384 },
    ]);
  });

  test("for the files and strengths of LoRAs that a node keeps as objects, each slot's by itself, not those that are off", () => {
    const lora = { on: true, lora: "grain.safetensors", strength: 0.8 };
    const inputs = {
      lora_1: { ...lora, strengthTwo: 0.5 },
      lora_2: { ...lora, strengthTwo: 0.8 },
      lora_3: { ...lora, on: false },
    };
    const graph = graphWith({
      loras: node("Power Lora Loader (rgthree)", { ...inputs, model: ["model", 0], clip: ["model", 1] }),
      sampler: sample({ model: ["loras", 0] }),
    });
    const asked = suggestedOf(graph).filter(({ nodeId }) => nodeId === "loras");
    expect(asked.map(({ bindings, value }) => [bindings.map(({ input }) => input).join(" "), value])).toEqual([
      ["lora_1.lora", "grain.safetensors"],
      ["lora_2.lora", "grain.safetensors"],
      ["lora_1.strength", 0.8],
      ["lora_1.strengthTwo", 0.5],
      ["lora_2.strength lora_2.strengthTwo", 0.8],
    ]);
    expect(asked[0]?.parameter).toMatchObject({ kind: "model", label: "LoRA", folder: "loras" });
    expect(asked[2]?.parameter).toMatchObject({ kind: "number", label: "LoRA strength", min: -10, max: 10 });
  });

  test("for a number in a node that would draw it only where it ends at a seed", () => {
    const value = { type: "INT", drawn: true, min: -9e15, max: 9e15 } as const;
    const info = { PrimitiveInt: { outputNode: false, inputs: { value }, outputs: ["INT"] } } as unknown as NodeInfo;
    const graph = graphWith({
      latent: node("EmptyLatentImage", { width: ["side", 0], height: 640, batch_size: 1 }),
      side: node("PrimitiveInt", { value: 512 }),
      sampler: sample({ seed: ["chance", 0] }),
      chance: node("PrimitiveInt", { value: 5 }),
    });
    const kinds = Object.fromEntries(suggestedOf(graph, info).map(({ parameter }) => [parameter.name, parameter]));
    expect(kinds).toMatchObject({ width: { kind: "integer", default: 512 }, seed: { kind: "seed" } });
  });

  test("with the titles that people gave, never with one label twice", () => {
    const graph = graphWith({
      sampler: sample({ latent_image: ["encoded", 0] }),
      encoded: node("VAEEncodeForInpaint", { pixels: ["one", 0], mask: ["two", 0], other: ["three", 0] }),
      one: node("LoadImage", { image: "a.png" }, "Portrait"),
      two: node("LoadImage", { image: "b.png" }, "Portrait"),
      three: node("LoadImage", { image: "c.png" }, "Load Image"),
      positive: node("CLIPTextEncode", { text: "a", clip: ["model", 1] }, "Positive Prompt"),
    });
    const labels = labelsOf(graph);
    expect(labels).toEqual(expect.arrayContaining(["Portrait", "Portrait 2", "Image", "Prompt"]));
    expect(new Set(labels).size).toBe(labels.length);
  });

  test("with a valid value where an older file has one of another type", () => {
    const info: NodeInfo = {
      KSampler: {
        ...{ title: "KSampler", module: "nodes", outputNode: false, outputs: ["LATENT"] },
        inputs: { steps: { type: "INT", required: true, default: 20, min: 1, max: 100 } },
      },
    };
    const found = suggestedOf(graphWith({ sampler: sample({ steps: "fixed" }) }), info);
    const steps = found.map(({ parameter }) => parameter).find(({ name }) => name === "steps");
    expect(steps).toMatchObject<Partial<Parameter>>({ kind: "integer", default: 20 });
  });
});
