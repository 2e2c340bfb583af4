import { isExactInteger, parseGraphText } from "@darkroom/contracts";

/** What a program other than ComfyUI says of a picture that it made. What it does not say is absent. */
export interface Parameters {
  readonly program: "A1111" | "Forge" | "InvokeAI" | "SwarmUI" | "NovelAI";
  readonly prompt?: string;
  readonly negative?: string;
  /** By its digits: JavaScript can't hold the larger ones. */
  readonly seed?: string;
  readonly steps?: number;
  readonly cfg?: number;
  readonly sampler?: string;
  /** In pixels. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * What the texts of a picture, by their names in lower case, say of how it was made; null if no program that we know wrote
 * them. Never throws: a text may have any content.
 */
export function readParameters(texts: ReadonlyMap<string, string>): Parameters | null {
  const text = texts.get("parameters");
  return (
    fromJson(text, (fields) => fromSwarm(fields.sui_image_params)) ??
    fromJson(texts.get("invokeai_metadata"), fromInvoke) ??
    fromJson(texts.get("sd-metadata"), fromOldInvoke) ??
    // In a PNG it is the comment, in a JPEG or WebP the EXIF's user comment.
    fromJson(texts.get("comment"), fromNovel) ??
    fromJson(text, fromNovel) ??
    // A1111 writes a comment into a GIF, and other programs put its text into the description.
    [text, texts.get("comment"), texts.get("description")].reduce<Parameters | null>(
      (found, one) => found ?? (one === undefined ? null : fromA1111(one)),
      null,
    )
  );
}

type Fields = Readonly<Record<string, unknown>>;

function fromJson(text: string | undefined, read: (fields: Fields) => Parameters | null): Parameters | null {
  if (text?.trimStart().startsWith("{") !== true) return null;
  try {
    return read(parseGraphText(text) as Fields);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function fromSwarm(given: unknown): Parameters | null {
  if (typeof given !== "object" || given === null) return null;
  const { prompt, negativeprompt: negative, seed, steps, cfgscale: cfg, sampler, width, height } = given as Fields;
  return checked("SwarmUI", { prompt, negative, seed, steps, cfg, sampler, width, height });
}

function fromInvoke(fields: Fields): Parameters {
  const { positive_prompt: prompt, negative_prompt: negative, seed, steps, scheduler } = fields;
  const cfg = guidanceOf(fields.cfg_scale, fields.guidance);
  return checked("InvokeAI", { ...fields, prompt, negative, seed, steps, cfg, sampler: scheduler });
}

/** InvokeAI 2: parts of the prompt with a weight each, and what the picture must not show in square brackets behind it. */
function fromOldInvoke({ image }: Fields): Parameters | null {
  if (typeof image !== "object" || image === null) return null;
  const fields = image as Fields;
  const parts = Array.isArray(fields.prompt) ? (fields.prompt as readonly (Fields | null)[]) : [fields];
  const words = parts.map((part) => part?.prompt).filter((word) => typeof word === "string");
  if (words.length === 0) return null;
  const [, prompt, negative] = /^(.*?)(?:\s*\[([^[\]]*)\]\s*)?$/s.exec(words.join(" ")) ?? [];
  return checked("InvokeAI", { ...fields, prompt, negative, cfg: fields.cfg_scale });
}

/** The guidance that draws: a model that is told one with the prompt (Flux) leaves the other at 1. */
function guidanceOf(scale: unknown, told: unknown): unknown {
  return told !== undefined && told !== null && (scale === undefined || scale === null || Number(scale) === 1)
    ? told
    : scale;
}

/** `uc`, the undesired content, is a word of NovelAI's own. */
function fromNovel(fields: Fields): Parameters | null {
  if (typeof fields.uc !== "string") return null;
  return checked("NovelAI", { ...fields, negative: fields.uc, cfg: fields.scale });
}

/**
 * The text that A1111 and Forge write, as do Fooocus and others: the prompt, a line `Negative prompt: …`, and a line that
 * begins with `Steps: ` and lists settings.
 */
function fromA1111(text: string): Parameters | null {
  const lines = text.split(/\r?\n/);
  const last = lines.findLastIndex((line) => /^Steps: \d/.test(line));
  if (last < 0) return null;
  const negativeAt = lines.findIndex((line, index) => index < last && line.startsWith("Negative prompt:"));
  const settings = settingsOf(lines[last] ?? "");
  const [, width, height] = /^(\d{1,6})x(\d{1,6})$/.exec(settings.get("Size") ?? "") ?? [];
  return checked(/^(f\d|neo\b)/.test(settings.get("Version") ?? "") ? "Forge" : "A1111", {
    prompt: lines
      .slice(0, negativeAt < 0 ? last : negativeAt)
      .join("\n")
      .trim(),
    negative:
      negativeAt < 0 ? undefined : lines.slice(negativeAt, last).join("\n").slice("Negative prompt:".length).trim(),
    seed: settings.get("Seed"),
    steps: settings.get("Steps"),
    cfg: guidanceOf(settings.get("CFG scale"), settings.get("Distilled CFG Scale")),
    sampler: settings.get("Sampler"),
    ...{ width, height },
  });
}

/** `Steps: 20, Sampler: Euler a, Note: "a, b"`: a value with a comma is written as a JSON string. */
function settingsOf(line: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [, name = "", value = ""] of line.matchAll(/([^:,"]+): *("(?:[^"\\]|\\.)*"|[^,]*)(?:,|$)/gy)) {
    settings.set(name.trim(), value.trim());
  }
  return settings;
}

/** Only what has the type that it should have; numbers may be given by their digits. */
function checked(program: Parameters["program"], given: Fields): Parameters {
  const text = (name: string) => (typeof given[name] === "string" ? { [name]: given[name] } : {});
  const number = (name: string, isWhole: boolean) => {
    const digits = digitsOf(given[name]);
    const value = digits === undefined ? Number.NaN : Number(digits);
    return (isWhole ? Number.isSafeInteger(value) : Number.isFinite(value)) ? { [name]: value } : {};
  };
  const seed = digitsOf(given.seed);
  return {
    program,
    ...text("prompt"),
    ...text("negative"),
    ...(seed !== undefined && /^-?\d+$/.test(seed) ? { seed } : {}),
    ...number("steps", true),
    ...number("cfg", false),
    ...text("sampler"),
    ...number("width", true),
    ...number("height", true),
  };
}

function digitsOf(value: unknown): string | undefined {
  if (isExactInteger(value)) return value.$integer;
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^-?\d{1,30}(\.\d{1,30})?$/.test(text) ? text : undefined;
}
