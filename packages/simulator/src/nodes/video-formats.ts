import type { InputSpec } from "./node-type.ts";

const dynamic = "COMFY_DYNAMICCOMBO_V3";

const colourSpaces = {
  display_name: "color space",
  tooltip:
    "Auto uses sRGB for videos created from images and preserves recognized colors on loaded videos. sRGB writes SDR BT.709/sRGB. HDR writes 10-bit BT.2020/HLG; HDR PQ writes BT.2020/PQ. Other input pixels must already use the selected color space.",
  default: "auto",
  multiselect: false,
  options: ["auto", "sRGB", "HDR", "HDR PQ"],
};

/** SaveVideo's container: each choice brings inputs of its own, and those bring theirs. */
export const videoFormats: InputSpec = [
  dynamic,
  {
    tooltip:
      "The output container. Auto preserves the source container when possible; MP4, MKV, and WebM select a specific container.",
    options: ["auto", "mp4", "mkv", "webm"].map((key) => ({
      key,
      inputs: { required: { codec: codecs(key === "webm" ? ["av1"] : ["h264", "av1"]) } },
    })),
  },
];

/** The same input as it was before it belonged to the container; graphs that have it still run. */
export const videoCodec: InputSpec = codecs(["h264", "av1"], { hidden: true });

function codecs(names: readonly string[], more: Readonly<Record<string, unknown>> = {}): InputSpec {
  return [
    dynamic,
    {
      ...more,
      tooltip:
        "The output video codec. Auto preserves a compatible source stream. H.264 and AV1 re-encoding support SDR, HDR (HLG), and HDR PQ.",
      options: [
        { key: "auto", inputs: { required: {} } },
        ...names.map((key) => ({ key, inputs: { required: {}, optional: { encoding: encoding(key) } } })),
      ],
    },
  ];
}

function encoding(codec: string): InputSpec {
  const isH264 = codec === "h264";
  const crf = isH264 ? { default: 23.0, max: 51.0 } : { default: 30.0, max: 63.0 };
  return [
    dynamic,
    {
      display_name: "encoding mode",
      tooltip: `Automatic preserves compatible ${isH264 ? "H.264" : "AV1"} streams. Re-encode applies custom encoding options.`,
      options: [
        { key: "auto", inputs: { required: {} } },
        {
          key: "re-encode",
          inputs: {
            required: {
              crf: [
                "FLOAT",
                {
                  tooltip: "Lower values produce higher quality and larger files.",
                  default: crf.default,
                  min: 0.0,
                  max: crf.max,
                  step: 1.0,
                },
              ],
              color_space: ["COMBO", colourSpaces],
            },
          },
        },
      ],
    },
  ];
}
