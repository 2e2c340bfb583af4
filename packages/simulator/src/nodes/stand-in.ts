import { encodeMp4 } from "../media/mp4.ts";
import { encodeFlac, encodeMp3, encodeOpus, type Silence } from "../media/silence.ts";
import { flat, grey, type Raster, resize } from "../painting/raster.ts";
import type { Latent } from "./latent.ts";
import { encode } from "./model-nodes.ts";
import type { InputSpec, NodeContext, NodeResult, Pictures, Values } from "./node-type.ts";
import { numberOf, textOf } from "./node-type.ts";
import { emptyFrames, sample } from "./sampling.ts";
import { embeddedTexts, saveFile, savePictures, tempPrefix } from "./saving.ts";
import {
  conditioning,
  type Drawing,
  fileName,
  find,
  firstNumber,
  isDrawing,
  isLatent,
  isMask,
  isNamed,
  isPictures,
  isSilence,
  search,
  texts,
} from "./stand-in-values.ts";

/** The description of the class that is stood in for. */
interface Described {
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly outputs: readonly InputSpec[0][];
  readonly names?: readonly string[] | undefined;
  readonly isOutput: boolean;
}

/** A video of more frames than this is cut short: nobody counts them in a stand-in, and each is painted. */
const mostFrames = 8;

/**
 * Answers for a class of which only the description is known, by the types of its outputs: what is handed on is handed on, what is
 * sampled is painted, what is decoded is decoded; all else is a value of the type that holds what the node was given.
 */
export function standIn(name: string, described: Described) {
  return async (values: Values, context: NodeContext): Promise<NodeResult> => {
    const sampled = isSampler(values, described) ? await sampleAny(values, context) : null;
    const all = sampled === null ? values : { ...values, sampled };
    const outputs: unknown[] = [];
    for (const [slot, type] of described.outputs.entries()) {
      outputs.push(await valueFor({ name, type: String(type), slot, described }, all));
    }
    const ui = described.isOutput ? await shown(name, { values: all, outputs }, context) : undefined;
    return { values: outputs, ...(ui === undefined ? {} : { ui }) };
  };
}

/** A node that takes a latent and says how it is to be sampled. */
function isSampler(values: Values, { outputs }: Described): boolean {
  const isSampling = ["sigmas", "steps", "noise", "end_at_step"].some((input) => find(values, input) !== undefined);
  const gives = outputs.some((type) => type === "LATENT" || type === "IMAGE");
  return gives && isSampling && find(values, "model") !== undefined && search(values, isLatent) !== undefined;
}

async function sampleAny(values: Values, context: NodeContext): Promise<unknown> {
  const latent = search(values, isLatent);
  const model = find(values, "model");
  const text = { text: texts(values).join(" ") };
  const { values: painted } = await sample(
    {
      latent_image: latent,
      model: isNamed(model) ? model : { name: "stand-in" },
      positive: conditioning(find(values, "positive") ?? find(values, "conditioning")) ?? text,
      negative: conditioning(find(values, "negative")) ?? { text: "" },
      steps: Math.min(numberOf(find(values, "steps"), 4), 30),
      seed: find(values, "seed") ?? find(values, "noise_seed") ?? 0,
      denoise: find(values, "denoise") ?? 1,
      sampler_name: find(values, "sampler_name") ?? "",
      cfg: find(values, "cfg") ?? 1,
    },
    context,
  );
  return painted[0];
}

interface Wanted {
  readonly name: string;
  readonly type: string;
  readonly slot: number;
  readonly described: Described;
}

async function valueFor(wanted: Wanted, values: Values): Promise<unknown> {
  const handed = handedOn(wanted, values);
  switch (wanted.type) {
    case "LATENT":
      return values.sampled ?? (await latentFrom(values));
    case "IMAGE":
      return picturesFrom(wanted.name, values);
    case "MASK":
      return search(values, isMask) ?? maskLike(values);
    case "CONDITIONING":
      return conditioning(handed) ?? { text: texts(values).join(" ") };
    case "INT":
    case "FLOAT":
      return typeof handed === "number" || typeof handed === "bigint" ? handed : firstNumber(values);
    case "BOOLEAN":
      return typeof handed === "boolean" ? handed : Boolean(firstNumber(values));
    case "STRING":
      return typeof handed === "string" && texts(values).length < 2 ? handed : texts(values).join(" ");
    case "AUDIO":
      return handed ?? ({ seconds: 1, sampleRate: 44_100, channels: 2 } satisfies Silence);
    case "MESH":
      return handed ?? { shapes: 1 };
    case "SVG":
      return handed ?? drawingOf(texts(values).join(" "));
    case "VIDEO":
      return handed ?? { pictures: picturesFrom(wanted.name, values).frames, fps: numberOf(values.fps, 24) };
    case "*":
    case "COMFY_MATCHTYPE_V3":
      return chosen(values);
    default:
      return handed ?? { ...values, name: fileName(values) };
  }
}

/** The input that an output hands on: the one of its name, else the one of its type at the same place among its like. */
function handedOn({ type, slot, described }: Wanted, values: Values): unknown {
  const { inputs, outputs, names } = described;
  const own = names?.[slot]?.toLowerCase() ?? "";
  if (values[own] !== undefined && inputs[own]?.[0] === type) return values[own];
  const alike = Object.entries(inputs).filter(([input, [kind]]) => kind === type && values[input] !== undefined);
  const place = outputs.slice(0, slot).filter((other) => other === type).length;
  const [input] = alike[Math.min(place, alike.length - 1)] ?? [];
  return input === undefined ? undefined : values[input];
}

/** Of a switch the side that it is set to, else the first thing that it is given. */
function chosen(values: Values): unknown {
  const side = values.switch === true ? values.on_true : values.switch === false ? values.on_false : undefined;
  return (
    side ??
    Object.values(values).find((value) => typeof value === "object" && value !== null) ??
    Object.values(values)[0]
  );
}

async function latentFrom(values: Values): Promise<Latent> {
  const given = search(values, isLatent);
  if (given !== undefined) return given;
  const width = eighths(find(values, "width") ?? find(values, "empty_latent_width"));
  const height = eighths(find(values, "height") ?? find(values, "empty_latent_height"));
  const pictures = search(values, isPictures);
  if (pictures !== undefined && find(values, "width") === undefined) return encode(pictures.frames, null);
  const count = Math.max(numberOf(find(values, "batch_size"), 1), numberOf(find(values, "length"), 1));
  return { width, height, count: Math.min(mostFrames, count), frames: null, mask: null };
}

function eighths(value: unknown): number {
  return Math.max(8, Math.floor(numberOf(value, 512) / 8) * 8);
}

function picturesFrom(name: string, values: Values): Pictures {
  const latent = isLatent(values.sampled) ? values.sampled : search(values, isLatent);
  if (latent !== undefined) return { frames: latent.frames ?? emptyFrames(latent) };
  const given = Object.values(values).filter(isPictures);
  if (/Batch/.test(name) && given.length > 1) return { frames: given.flatMap(({ frames }) => frames) };
  const mask = search(values, isMask);
  const found = given[0] ?? search(values, isPictures);
  if (found !== undefined) return found;
  if (mask !== undefined) return { frames: [grey(mask)] };
  const count = Math.min(mostFrames, Math.max(1, numberOf(find(values, "batch_size"), 1)));
  const [width, height] = [eighths(values.width), eighths(values.height)];
  return { frames: Array.from({ length: count }, (_, index) => flat(width, height, [120 + 10 * index, 130, 150])) };
}

function drawingOf(words: string): Drawing {
  const safe = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="64"><text x="8" y="40">${safe}</text></svg>`,
  };
}

/** Where ComfyUI puts it: right behind the first mark. */
function withMetadata(svg: string, context: NodeContext): Buffer {
  const texts = Object.entries(embeddedTexts(context)).map(([name, text]) => `${JSON.stringify(name)}: ${text}`);
  const metadata = `<metadata><![CDATA[{${texts.join(", ").replaceAll("]]>", "]]]]><![CDATA[>")}}]]></metadata>`;
  return Buffer.from(svg.replace(/<svg [^>]*>/, (mark) => mark + metadata));
}

function maskLike(values: Values): Raster {
  const like = search(values, isPictures)?.frames[0];
  const [width, height] = [like?.width ?? eighths(values.width), like?.height ?? eighths(values.height)];
  return { width, height, channels: 1, data: Buffer.alloc(width * height, 255) };
}

/** What an output node saves and shows: pictures as files, of a video's node a video; else the texts that it was given. */
async function shown(
  name: string,
  { values, outputs }: { values: Values; outputs: readonly unknown[] },
  context: NodeContext,
): Promise<NonNullable<NodeResult["ui"]>> {
  const frames = (search(values, isPictures) ?? outputs.find(isPictures))?.frames;
  const prefix = textOf(values.filename_prefix);
  const sound = Object.values(values).find(isSilence);
  if (frames === undefined && sound !== undefined) {
    const format = textOf(values.format);
    const [ending, encoder] = soundFormats[format] ?? [".flac", encodeFlac];
    return { audio: [await saveFile(context, "output", prefix, ending, encoder(sound))] };
  }
  const drawing = Object.values(values).find(isDrawing);
  if (frames === undefined && drawing !== undefined) {
    return { images: [await saveFile(context, "output", prefix, "_.svg", withMetadata(drawing.svg, context))] };
  }
  if (frames === undefined) return { text: texts(values) };
  if (/VideoCombine/.test(name)) {
    const [first] = frames;
    const fitted = await Promise.all(frames.map((frame) => resize(frame, first?.width ?? 8, first?.height ?? 8)));
    const video = await encodeMp4(fitted, numberOf(values.frame_rate, 8));
    return { gifs: [await saveFile(context, "output", prefix, "_.mp4", video, first)] };
  }
  const saved =
    prefix === "" || values.image_output === "Preview"
      ? await savePictures(context, "temp", tempPrefix(context), frames)
      : await savePictures(context, "output", prefix, frames);
  return { images: saved };
}

const soundFormats: Readonly<Record<string, readonly [ending: string, encode: (sound: Silence) => Buffer]>> = {
  mp3: [".mp3", (sound) => encodeMp3(sound, 128)],
  opus: [".opus", encodeOpus],
};
