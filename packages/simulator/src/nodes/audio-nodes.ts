import { encodeFlac, encodeMp3, encodeOpus, type Silence } from "../media/silence.ts";
import type { FolderType } from "../site/folders.ts";
import {
  type NodeContext,
  NodeFailure,
  type NodeLibrary,
  type NodeResult,
  numberOf,
  textOf,
  type Values,
} from "./node-type.ts";
import { saveFile, tempPrefix } from "./saving.ts";

const hidden = { prompt: ["PROMPT"], extra_pnginfo: ["EXTRA_PNGINFO"] };
const audio = ["AUDIO", {}] as const;
const prefix = ["STRING", { default: "audio/ComfyUI", multiline: false }] as const;

/** Sound: always silence, in real files. */
export const audioNodes: NodeLibrary = {
  EmptyAudio: {
    displayName: "Empty Audio",
    category: "audio",
    inputs: () => ({
      required: {
        duration: ["FLOAT", { default: 60.0, min: 0.0, max: 18446744073709551615n, step: 0.01 }],
        sample_rate: ["INT", { default: 44100, min: 1, max: 192000 }],
        channels: ["INT", { default: 2, min: 1, max: 2 }],
      },
    }),
    outputs: ["AUDIO"],
    run: ({ duration, sample_rate, channels }) => {
      const silence: Silence = {
        seconds: numberOf(duration),
        sampleRate: numberOf(sample_rate, 44_100),
        channels: numberOf(channels, 2),
      };
      return { values: [silence] };
    },
  },
  SaveAudio: {
    displayName: "Save Audio (FLAC) (DEPRECATED)",
    category: "audio",
    inputs: () => ({
      required: { audio: ["AUDIO", {}], filename_prefix: ["STRING", { default: "audio/ComfyUI", multiline: false }] },
      hidden: hidden,
    }),
    outputs: ["AUDIO"],
    outputNames: ["audio"],
    outputNode: true,
    run: (values, context) => save(values, context, ".flac", encodeFlac),
  },
  SaveAudioMP3: {
    displayName: "Save Audio (MP3)",
    category: "audio",
    inputs: () => ({
      required: {
        audio,
        filename_prefix: prefix,
        quality: ["COMBO", { default: "V0", options: ["V0", "128k", "320k"] }],
      },
      hidden,
    }),
    outputs: ["AUDIO"],
    outputNames: ["audio"],
    outputNode: true,
    run: (values, context) => {
      // V0 lets the encoder choose: for silence that is the lowest rate.
      const kbps = values.quality === "V0" ? 32 : Number.parseInt(textOf(values.quality), 10);
      return save(values, context, ".mp3", (silence) => encodeMp3(silence, kbps));
    },
  },
  SaveAudioOpus: {
    displayName: "Save Audio (Opus)",
    category: "audio",
    inputs: () => ({
      required: {
        audio,
        filename_prefix: prefix,
        quality: ["COMBO", { default: "128k", options: ["64k", "96k", "128k", "192k", "320k"] }],
      },
      hidden,
    }),
    outputs: ["AUDIO"],
    outputNames: ["audio"],
    outputNode: true,
    run: (values, context) => save(values, context, ".opus", encodeOpus),
  },
  PreviewAudio: {
    displayName: "Preview Audio",
    category: "audio",
    inputs: () => ({ required: { audio }, hidden }),
    outputs: ["AUDIO"],
    outputNames: ["audio"],
    outputNode: true,
    run: (values, context) =>
      save({ ...values, filename_prefix: tempPrefix(context) }, context, ".flac", encodeFlac, "temp"),
  },
};

async function save(
  values: Values,
  context: NodeContext,
  ending: string,
  encode: (silence: Silence) => Buffer,
  type: FolderType = "output",
): Promise<NodeResult> {
  const file = encode(silenceOf(values.audio));
  const saved = await saveFile(context, type, textOf(values.filename_prefix), ending, file);
  return { values: [values.audio], ui: { audio: [saved] } };
}

function silenceOf(value: unknown): Silence {
  if (typeof value === "object" && value !== null && "sampleRate" in value) return value as Silence;
  throw new NodeFailure("TypeError", "'NoneType' object is not subscriptable");
}
