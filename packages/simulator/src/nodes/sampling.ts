import { hash } from "node:crypto";
import { develop, enlarge, type Recipe, sketch } from "../painting/paint.ts";
import { blend, blurred, encodePreview, flat, type Raster, resize } from "../painting/raster.ts";
import type { Site } from "../site/site.ts";
import { conditioningOf, type Latent, latentOf, modelOf } from "./latent.ts";
import { type NodeContext, type NodeLibrary, type NodeResult, numberOf, textOf, type Values } from "./node-type.ts";

const samplerNames: readonly string[] =
  "euler euler_cfg_pp euler_ancestral euler_ancestral_cfg_pp heun heunpp2 exp_heun_2_x0 exp_heun_2_x0_sde dpm_2 dpm_2_ancestral lms dpm_fast dpm_adaptive dpmpp_2s_ancestral dpmpp_2s_ancestral_cfg_pp dpmpp_sde dpmpp_sde_gpu dpmpp_2m dpmpp_2m_cfg_pp dpmpp_2m_sde dpmpp_2m_sde_gpu dpmpp_2m_sde_heun dpmpp_2m_sde_heun_gpu dpmpp_3m_sde dpmpp_3m_sde_gpu ddpm lcm ipndm ipndm_v deis res_multistep res_multistep_cfg_pp res_multistep_ancestral res_multistep_ancestral_cfg_pp gradient_estimation gradient_estimation_cfg_pp er_sde seeds_2 seeds_3 sa_solver sa_solver_pece ddim uni_pc uni_pc_bh2".split(
    " ",
  );
const schedulerNames =
  "simple sgm_uniform karras exponential ddim_uniform beta normal linear_quadratic kl_optimal".split(" ");

/** Below 2^53. */
const largestPrime = 9007199254740881n;

export const samplingNodes: NodeLibrary = {
  KSampler: {
    category: "model/sampling",
    description: "Uses the provided model, positive and negative conditioning to denoise the latent image.",
    inputs: (site) => ({
      required: {
        model: ["MODEL", { tooltip: "The model used for denoising the input latent." }],
        seed: [
          "INT",
          {
            default: 0,
            min: 0,
            max: 18446744073709551615n,
            control_after_generate: true,
            tooltip: "The random seed used for creating the noise.",
          },
        ],
        steps: [
          "INT",
          { default: 20, min: 1, max: 10000, tooltip: "The number of steps used in the denoising process." },
        ],
        cfg: [
          "FLOAT",
          {
            default: 8.0,
            min: 0.0,
            max: 100.0,
            step: 0.1,
            round: 0.01,
            tooltip:
              "The Classifier-Free Guidance scale balances creativity and adherence to the prompt. Higher values result in images more closely matching the prompt however too high values will negatively impact quality.",
          },
        ],
        sampler_name: [
          samplersOf(site),
          {
            tooltip:
              "The algorithm used when sampling, this can affect the quality, speed, and style of the generated output.",
          },
        ],
        scheduler: [
          schedulerNames,
          { tooltip: "The scheduler controls how noise is gradually removed to form the image." },
        ],
        positive: [
          "CONDITIONING",
          { tooltip: "The conditioning describing the attributes you want to include in the image." },
        ],
        negative: [
          "CONDITIONING",
          { tooltip: "The conditioning describing the attributes you want to exclude from the image." },
        ],
        latent_image: ["LATENT", { tooltip: "The latent image to denoise." }],
        denoise: [
          "FLOAT",
          {
            default: 1.0,
            min: 0.0,
            max: 1.0,
            step: 0.01,
            tooltip:
              "The amount of denoising applied, lower values will maintain the structure of the initial image allowing for image to image sampling.",
          },
        ],
      },
    }),
    outputs: ["LATENT"],
    run: sample,
  },
  KSamplerSelect: {
    category: "model/sampling",
    inputs: (site) => ({ required: { sampler_name: [samplersOf(site), {}] } }),
    outputs: ["SAMPLER"],
    run: ({ sampler_name }) => ({ values: [{ name: sampler_name }] }),
  },
};

/** Two of them came after 0.3.64. */
function samplersOf({ dialect }: Site): readonly string[] {
  return dialect.version === "0.3.64" ? samplerNames.filter((name) => !name.startsWith("exp_heun")) : samplerNames;
}

/** Paints what the latent is to become, step by step, with previews. */
export async function sample(values: Values, context: NodeContext): Promise<NodeResult> {
  const latent = latentOf(values.latent_image);
  const steps = numberOf(values.steps, 1);
  // Seeds beyond what a number holds still differ by one.
  const seed = typeof values.seed === "bigint" ? Number(values.seed % largestPrime) : numberOf(values.seed);
  const denoise = numberOf(values.denoise, 1);
  const { name: model, style = "" } = modelOf(values.model);
  const recipes = Array.from({ length: latent.count }, (_, index) => ({
    text: conditioningOf(values.positive).text,
    negative: conditioningOf(values.negative).text,
    seed: seed + index,
    model: `${model}${style} ${textOf(values.sampler_name)} ${numberOf(values.cfg)}`,
    width: latent.width,
    height: latent.height,
  }));
  // Painted while the model loads, so that previews can show what is to come.
  const painting = Promise.all(recipes.map((recipe, index) => paintOver(recipe, latent, index, denoise)));
  painting.catch(() => {});
  await context.useModel("checkpoint", model);
  const [first, ...others] = await painting;
  if (first === undefined) return { values: [latent] };

  for (let step = 1; step <= steps; step += 1) {
    const [image] = await Promise.all([previewAt(first, step / steps, seed), context.sleep(context.stepMs())]);
    await context.progress(step, steps, { image, mimeType: "image/jpeg" });
  }
  const frames = [];
  for (const [index, small] of [first, ...others].entries()) frames.push(await finish(small, latent, index));
  return { values: [{ ...latent, frames, mask: null } satisfies Latent] };
}

/** Previews of the pictures sampled last, oldest first: a picture looks the same whenever it is that far. */
const previews = new Map<string, Promise<Buffer>>();
const keptPreviews = 256;

function previewAt(picture: Raster, t: number, seed: number): Promise<Buffer> {
  const { width, height, data } = picture;
  const key = `${hash("sha1", data)} ${width} × ${height} ${t} ${seed}`;
  const preview = previews.get(key) ?? develop(picture, t, seed).then((frame) => encodePreview(frame, "jpeg"));
  previews.delete(key);
  previews.set(key, preview);
  const oldest = previews.keys().next();
  if (previews.size > keptPreviews && oldest.done === false) previews.delete(oldest.value);
  return preview;
}

/** The small picture: painted, and where the latent held one, laid over it by the strength of denoising. */
async function paintOver(recipe: Recipe, latent: Latent, index: number, denoise: number): Promise<Raster> {
  const painted = await sketch(recipe);
  const source = latent.frames?.[index % latent.frames.length];
  if (source === undefined) return painted;
  const under = await resize(source, painted.width, painted.height);
  // Full denoising keeps nothing, as in the real thing.
  return blend(under, painted, latent.mask === null ? denoise : Math.max(0.75, denoise));
}

async function finish(small: Raster, latent: Latent, index: number): Promise<Raster> {
  const large = await enlarge(small, latent.width, latent.height);
  const source = latent.frames?.[index % latent.frames.length];
  if (latent.mask === null || source === undefined) return large;
  const mask = await resize(latent.mask, latent.width, latent.height);
  return blend(await resize(source, latent.width, latent.height), large, 1, await blurred(mask, 2));
}

export function emptyFrames(latent: Latent): Raster[] {
  return Array.from({ length: latent.count }, () => flat(latent.width, latent.height, [127, 127, 127]));
}
