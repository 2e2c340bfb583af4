import { describe, expect, test } from "vitest";
import { graphWith, node, placesOf, sample } from "../check/test-graphs.ts";

// What a form asks for where a film is made.

describe("a form for a film asks", () => {
  test("for the frames of a latent that become one, not for a number of pictures", () => {
    const film = node("VHS_VideoCombine", { frame_rate: 8, images: ["sampler", 0] });
    const animated = placesOf(graphWith({ save: film }));
    expect([animated.length, animated.count]).toEqual(["latent.batch_size", undefined]);
    const still = placesOf(graphWith({ film }));
    expect([still.length, still.count]).toEqual([undefined, "latent.batch_size"]);
  });

  test("for its frames where the sampler is told them, and for the pictures that its first frame is drawn with", () => {
    const make = node("WanImageToVideo", { width: 832, height: 480, length: 81, start_image: ["sampler", 0] });
    const film = node("CreateVideo", { fps: 16, images: ["make", 0] });
    const { length, count } = placesOf(graphWith({ make, film, save: node("SaveVideo", { video: ["film", 0] }) }));
    expect([length, count]).toEqual(["make.length", "latent.batch_size"]);
  });

  test("for the size and the frames of a node that encodes the picture it begins with", () => {
    const inputs = { generation_width: 832, generation_height: 480, num_frames: 81, image: ["picture", 0] };
    const asked = placesOf(
      graphWith({
        picture: node("LoadImage", { image: "a.png" }),
        latent: node("WanVideoImageClipEncode", inputs),
        sampler: node("WanVideoSampler", { steps: 10, seed: 1, image_embeds: ["latent", 0] }),
      }),
    );
    expect(asked).toMatchObject({
      width: "latent.generation_width",
      height: "latent.generation_height",
      length: "latent.num_frames",
    });
  });

  test("for the frames that are loaded of a video only where the author wanted fewer than all", () => {
    const asked = (frame_load_cap: number) =>
      placesOf(
        graphWith({
          video: node("VHS_LoadVideo", { video: "a.mp4", force_rate: 0, frame_load_cap }),
          latent: node("VAEEncode", { pixels: ["video", 0], vae: ["model", 2] }),
        }),
      ).framesToLoad;
    expect([asked(0), asked(49)]).toEqual([undefined, "video.frame_load_cap"]);
  });

  test("for the size that a pack picks from a list, by the picture", () => {
    const latent = node("GetClosestBucketSize", { base_size: "540", image: ["picture", 0] });
    expect(placesOf(graphWith({ picture: node("LoadImage", { image: "a.png" }), latent })).size).toBe(
      "latent.base_size",
    );
  });
});

describe("a form asks", () => {
  test("how much a picture counts, by whatever name, and not how far colours follow one", () => {
    const image = ["picture", 0];
    const asked = placesOf(
      graphWith({
        picture: node("LoadImage", { image: "a.png" }),
        style: node("IPAdapterStyleComposition", {
          weight_style: 1,
          weight_composition: 0.5,
          image,
          model: ["model", 0],
        }),
        control: node("CogVideoControlNet", { control_strength: 0.7, images: image, model: ["style", 0] }),
        sampler: sample({ model: ["control", 0] }),
        save: node("SaveImage", { filename_prefix: "x", images: ["colors", 0] }),
        colors: node("ColorMatch", { strength: 0.9, image_ref: image, image_target: ["sampler", 0] }),
      }),
    );
    expect([asked.strength, asked.strength2, asked.strength3, asked.strength4]).toEqual([
      "style.weight_style",
      "style.weight_composition",
      "control.control_strength",
      undefined,
    ]);
  });

  test("for no scale that a loader leaves at 1", () => {
    const picture = { image: "a.png", megapixels: 0, scale_by: 1 };
    const asked = (more: object) =>
      placesOf(
        graphWith({
          picture: node("AILab_LoadImage", { ...picture, ...more }),
          latent: node("VAEEncode", { pixels: ["picture", 0], vae: ["model", 2] }),
        }),
      );
    expect([asked({}).scale, asked({}).megapixels, asked({ scale_by: 0.5 }).scale]).toEqual([
      undefined,
      undefined,
      "picture.scale_by",
    ]);
  });

  test("for a text encoder's file where the node that encodes names it", () => {
    const text = node("WanVideoTextEncodeCached", { model_name: "umt5.safetensors", positive_prompt: "a boat" });
    const asked = placesOf(graphWith({ text, sampler: sample({ text_embeds: ["text", 0] }) }));
    expect([asked.textEncoder, asked.prompt2]).toEqual(["text.model_name", "text.positive_prompt"]);
  });
});
