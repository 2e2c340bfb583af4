import { of, type Rule } from "./case.ts";

/** The choices of SaveVideo that bring a quality of the codec's own. */
const reencoded = (codec: string): Record<string, string> => ({
  ...{ format: "mp4", "format.codec": codec, "format.codec.encoding": "re-encode" },
  "format.codec.encoding.color_space": "auto",
});

/** Inputs that depend on others, or grow. */
export const dynamicInputs: readonly Rule[] = [
  {
    rule: "A dynamic combo: what its option brings is looked at under both names joined by a dot. The choice itself is not: absent or unknown, the node fails when it runs",
    cases: [
      ...of("ResizeImageMaskNode.resize_type", "takes", ['"scale by multiplier"'], {
        beside: { "resize_type.multiplier": 2 },
      }),
      ...of("ResizeImageMaskNode.resize_type", "required_input_missing", [
        '"scale by multiplier"',
        '"scale longer dimension"',
      ]),
      ...of("ResizeImageMaskNode.resize_type", "fails at run", [
        '"no such option"',
        "absent",
        "null",
        "1",
        '["text",0]',
      ]),
      ...of("ResizeImageMaskNode.resize_type.multiplier", "value_bigger_than_max", ["8.5"], {
        beside: { resize_type: "scale by multiplier" },
      }),
      ...of("ResizeImageMaskNode.resize_type.multiplier", "value_smaller_than_min", ["0"], {
        beside: { resize_type: "scale by multiplier" },
      }),
      ...of("ResizeImageMaskNode.resize_type.multiplier", "invalid_input_type", ["null", '"x"'], {
        beside: { resize_type: "scale by multiplier" },
      }),
      ...of("ResizeImageMaskNode.resize_type.multiplier", "return_type_mismatch", ['["whole number",0]'], {
        beside: { resize_type: "scale by multiplier" },
      }),
      ...of("ResizeImageMaskNode.resize_type.longer_size", "takes", ['"x"'], {
        beside: { resize_type: "scale by multiplier", "resize_type.multiplier": 2 },
      }),
      ...of("ResizeImageMaskNode.resize_type.crop", "value_not_in_list", ['"left"'], {
        beside: { resize_type: "scale dimensions", "resize_type.width": 8, "resize_type.height": 8 },
        older: "takes",
      }),
      ...of("SaveVideo.format.codec", "takes", ["absent", '"no such codec"'], {
        beside: { format: "mp4" },
        warns: true,
      }),
      ...of("SaveVideo.format.codec.encoding", "takes", ["absent", '"auto"'], {
        beside: { format: "mp4", "format.codec": "h264" },
      }),
      ...of("SaveVideo.format.codec.encoding", "takes", ['"no such mode"'], {
        beside: { format: "mp4", "format.codec": "h264" },
        warns: true,
      }),
      ...of("SaveVideo.format.codec.encoding.crf", "takes", ["0", "51", '"20"'], { beside: reencoded("h264") }),
      ...of("SaveVideo.format.codec.encoding.crf", "value_bigger_than_max", ["52"], { beside: reencoded("h264") }),
      ...of("SaveVideo.format.codec.encoding.crf", "required_input_missing", ["absent"], { beside: reencoded("h264") }),
      ...of("SaveVideo.format.codec.encoding.crf", "invalid_input_type", ['"x"', "null"], {
        beside: reencoded("h264"),
      }),
      ...of("SaveVideo.format.codec.encoding.crf", "takes", ["52", "63"], { beside: reencoded("av1") }),
      ...of("SaveVideo.format.codec.encoding.crf", "value_bigger_than_max", ["64"], { beside: reencoded("av1") }),
      ...of("SaveVideo.format.codec.encoding.color_space", "value_not_in_list", ['"CMYK"'], {
        beside: { ...reencoded("av1"), "format.codec.encoding.crf": 20 },
        older: "takes",
      }),
      ...of("SaveVideo.format", "fails at run", ['"no such format"', "absent"]),
      ...of("SaveImageAdvanced.format", "fails at run", ['"gif"', "absent"]),
      ...of("SaveImageAdvanced.format.bit_depth", "value_not_in_list", ['"16-bit"'], {
        beside: { format: "exr", "format.input_color_space": "linear" },
        older: "takes",
      }),
    ],
  },
  {
    rule: "An input that grows: the first min of its names must be there, each takes what the template says, and one more than max fails when it runs",
    cases: [
      ...of("BatchImagesNode.images.image0", "takes", ['["picture",0]', '["anything",0]']),
      ...of("BatchImagesNode.images.image0", "required_input_missing", ["absent"]),
      ...of("BatchImagesNode.images.image0", "return_type_mismatch", ['["latent",0]']),
      ...of("BatchImagesNode.images.image49", "takes", ['["picture",0]', "absent"]),
      ...of("BatchImagesNode.images.image49", "return_type_mismatch", ['["latent",0]']),
      ...of("BatchImagesNode.images.image50", "fails at run", ['["picture",0]']),
      ...of("BatchImagesNode.images", "required_input_missing", ['["picture",0]'], {
        beside: { "images.image0": undefined },
      }),
      ...of("ComfyMathExpression.values.a", "takes", ['["whole number",0]', '["fraction",0]', "5", "true"]),
      ...of("ComfyMathExpression.values.a", "return_type_mismatch", ['["text",0]', '["picture",0]']),
      ...of("ComfyMathExpression.values.a", "required_input_missing", ["absent"]),
    ],
  },
  {
    rule: "Match types are not looked at: whatever is linked passes, and so does a plain value",
    cases: [
      ...of("ComfySwitchNode.on_true", "takes", ['["picture",0]', '["latent",0]', "5", '"text"']),
      ...of("ComfySwitchNode.on_true", "required_input_missing", ["absent"]),
    ],
  },
];
