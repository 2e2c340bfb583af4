import type { Page } from "./fixtures.ts";

const model = "darkroom-simulator-xl.safetensors";
const saving = (class_type: string, inputs: Record<string, unknown>) => ({
  class_type,
  inputs: { ...inputs, filename_prefix: "media" },
});

/** A film of three frames and three pictures of its prompt, and beside them a sound, a text and a 3D model. */
const definition = {
  slug: "media",
  name: "Media",
  description: "An output of every kind.",
  graph: {
    model: { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: model } },
    prompt: { class_type: "CLIPTextEncode", inputs: { text: "", clip: ["model", 1] } },
    latent: { class_type: "EmptyLatentImage", inputs: { width: 192, height: 128, batch_size: 3 } },
    sampler: {
      class_type: "KSampler",
      inputs: {
        ...{ seed: 11, steps: 1, cfg: 7, sampler_name: "euler", scheduler: "normal", denoise: 1 },
        ...{ model: ["model", 0], positive: ["prompt", 0], negative: ["prompt", 0], latent_image: ["latent", 0] },
      },
    },
    frames: { class_type: "VAEDecode", inputs: { samples: ["sampler", 0], vae: ["model", 2] } },
    video: { class_type: "CreateVideo", inputs: { images: ["frames", 0], fps: 6 } },
    sound: { class_type: "EmptyAudio", inputs: { duration: 0.5, sample_rate: 44_100, channels: 2 } },
    shape: { class_type: "EmptyLatentHunyuan3Dv2", inputs: { resolution: 3072, batch_size: 1 } },
    voxel: {
      class_type: "VAEDecodeHunyuan3D",
      inputs: { samples: ["shape", 0], vae: ["model", 2], num_chunks: 8000, octree_resolution: 256 },
    },
    mesh: { class_type: "VoxelToMeshBasic", inputs: { voxel: ["voxel", 0], threshold: 0.6 } },
    webm: saving("SaveWEBM", { images: ["frames", 0], codec: "vp9", fps: 6, crf: 32 }),
    mp4: saving("SaveVideo", { video: ["video", 0], format: "mp4", codec: "auto" }),
    webp: saving("SaveAnimatedWEBP", {
      ...{ images: ["frames", 0], fps: 6, lossless: true, quality: 80, method: "default" },
    }),
    flac: saving("SaveAudio", { audio: ["sound", 0] }),
    mp3: saving("SaveAudioMP3", { audio: ["sound", 0], quality: "V0" }),
    opus: saving("SaveAudioOpus", { audio: ["sound", 0], quality: "128k" }),
    text: saving("SaveText", { text: "It was a dark night.\nThe light came in red.", format: "txt" }),
    glb: saving("SaveGLB", { mesh: ["mesh", 0] }),
    pictures: saving("SaveImage", { images: ["frames", 0] }),
  },
  parameters: [{ kind: "text", name: "prompt", label: "Prompt", required: true }],
  bindings: [{ parameter: "prompt", node: "prompt", input: "text" }],
  outputs: ["webm", "mp4", "webp", "flac", "mp3", "opus", "text", "glb", "pictures"],
};

/** Publishes the workflow Media, as the operator whose page it is. */
export async function publishMedia(page: Page, origin: string): Promise<void> {
  const call = async (path: string, data: object): Promise<void> => {
    const answer = await page.request.post(`/api/trpc/workflow.${path}`, { headers: { origin }, data });
    if (!answer.ok()) throw new Error(`workflow.${path} was refused: ${await answer.text()}`);
  };
  await call("save", { definition });
  await call("publish", { workflow: definition.slug, version: 1 });
}
