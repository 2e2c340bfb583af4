/** What becomes of a graph with this input. */
export interface Case {
  /** The class and the input of it that is tried. */
  readonly input: `${string}.${string}`;
  /** JSON, as it is sent. `absent`: the input is left out. */
  readonly value: string;
  /** `takes`, the type of error of ComfyUI's refusal, or `fails at run`: it takes the graph, which then fails. */
  readonly comfyui: "takes" | "fails at run" | Refusal;
  /** What the check says of what ComfyUI takes for something else than it says. */
  readonly warns?: true;
  /** More inputs of the node. */
  readonly beside?: Readonly<Record<string, unknown>>;
  /** Where 0.3.64 says something else than 0.33.0: what. The check goes by the newer one. */
  readonly older?: "takes" | Refusal;
}

export type Refusal =
  | "required_input_missing"
  | "bad_linked_input"
  | "invalid_input_type"
  | "value_smaller_than_min"
  | "value_bigger_than_max"
  | "value_not_in_list"
  | "return_type_mismatch"
  | "custom_validation_failed"
  /** Python throws while it looks at the node. */
  | "exception"
  | "dependency_cycle"
  | "missing_node_type"
  | "prompt_no_outputs";

/** A rule in words, and what it says in each case. */
export interface Rule {
  readonly rule: string;
  readonly cases: readonly Case[];
}

/**
 * What ComfyUI's validation says (0.3.64 and 0.33.0), by kind of input. Each case is tried against our check and against the simulator,
 * and stands in docs/comfyui.md. The graphs are those of `graph.ts`: one node of the class, and an output that needs it.
 */
export const rules: readonly Rule[] = [
  {
    rule: "INT: Python's int() converts, then the bounds are compared. 20.7 becomes 20, true 1; single underscores and blanks are Python's own",
    cases: [
      ...of("EmptyImage.width", "takes", [
        "20",
        "1",
        "16384",
        "20.7",
        "100.0",
        '"20"',
        '" 20 "',
        '"+20"',
        '"1_000"',
        "true",
        '{"__value__":20}',
      ]),
      ...of("EmptyImage.width", "invalid_input_type", [
        "null",
        "{}",
        '"x"',
        '"20.7"',
        '"1e3"',
        '"0x10"',
        '""',
        '"1__0"',
        '{"__value__":[20]}',
        '{"a":1}',
      ]),
      ...of("EmptyImage.width", "value_smaller_than_min", ["0", "-1", "0.9", "false", '"0"']),
      ...of("EmptyImage.width", "value_bigger_than_max", ["16385", "1e30", "100000000000000000000000", '"99999"']),
      ...of("EmptyImage.width", "bad_linked_input", ["[]", "[20]", '["1",0,0]']),
      ...of("EmptyImage.width", "exception", ['["a","b"]', "[20,20]"]),
      ...of("KSampler.seed", "takes", ["0", "9007199254740993", "18446744073709551615", '"18446744073709551615"']),
      ...of("KSampler.seed", "value_bigger_than_max", ["18446744073709551616", '"18446744073709551616"', "1e20"]),
      ...of("EmptyImage.width", "required_input_missing", ["absent"]),
      ...of("EmptyLatentImage.width", "takes", ["17", "513"]),
    ],
  },
  {
    rule: "FLOAT: Python's float() converts, then the bounds are compared. A number is never rounded to its step; NaN is within any bounds",
    cases: [
      ...of("ImageScaleBy.scale_by", "takes", [
        "1",
        "0.01",
        "8",
        "0.3333",
        '"1.5"',
        '" 1.5 "',
        '".5"',
        '"5."',
        '"1e0"',
        '"1_0e-1"',
        "true",
        '"nan"',
        '{"__value__":1.5}',
      ]),
      ...of("ImageScaleBy.scale_by", "invalid_input_type", [
        "null",
        "{}",
        '"wide"',
        '""',
        '"1,5"',
        '"0x1"',
        '{"__value__":[1]}',
      ]),
      ...of("ImageScaleBy.scale_by", "value_smaller_than_min", ["0", "-1", "0.009", "false", '"-inf"']),
      ...of("ImageScaleBy.scale_by", "value_bigger_than_max", ["8.01", "1e30", '"inf"', '"Infinity"']),
      ...of("ImageScaleBy.scale_by", "bad_linked_input", ["[]", "[1]"]),
      ...of("ImageScaleBy.scale_by", "required_input_missing", ["absent"]),
    ],
  },
  {
    rule: "STRING: Python's str() converts whatever comes, so that null becomes the text “None”. A list is a link all the same",
    cases: [
      ...of("SaveImage.filename_prefix", "takes", ['"a"', '""', "5", "1.5", "true"]),
      ...of("SaveImage.filename_prefix", "takes", ["null", '{"a":1}', '{"__value__":["a","b"]}'], { warns: true }),
      ...of("SaveImage.filename_prefix", "exception", ['["a","b"]', '["a",0]']),
      ...of("SaveImage.filename_prefix", "bad_linked_input", ["[]", '["a"]', '["a","b","c"]']),
      ...of("SaveImage.filename_prefix", "required_input_missing", ["absent"]),
    ],
  },
  {
    rule: "BOOLEAN: Python's bool() converts whatever comes. Every text but the empty one is true, “false” as well; null is false",
    cases: [
      ...of("ImageCompositeMasked.resize_source", "takes", ["true", "false", "0", "1", '"true"']),
      ...of("ImageCompositeMasked.resize_source", "takes", ['"false"', '""', "null", "2", "{}", '{"a":1}'], {
        warns: true,
      }),
      ...of("ImageCompositeMasked.resize_source", "bad_linked_input", ["[]", "[true]"]),
      ...of("ImageCompositeMasked.resize_source", "required_input_missing", ["absent"]),
    ],
  },
  {
    rule: "A combo whose list stands in place of a type: the value must equal one of the list, as Python compares: 1, 1.0 and true are one, a text is no number",
    cases: [
      ...of("ImageScale.crop", "takes", ['"center"', '"disabled"', '{"__value__":"center"}']),
      ...of("ImageScale.crop", "value_not_in_list", [
        '"none such"',
        '"Center"',
        '""',
        "null",
        "1",
        "true",
        "{}",
        '{"__value__":["center"]}',
      ]),
      ...of("ImageScale.crop", "bad_linked_input", ["[]", '["center"]']),
      ...of("ImageScale.crop", "exception", ['["center","disabled"]']),
      ...of("ImageScale.crop", "required_input_missing", ["absent"]),
      ...of("ReActorFaceSwap.console_log_level", "takes", ["0", "1", "1.0", "true", "false"]),
      ...of("ReActorFaceSwap.console_log_level", "value_not_in_list", ['"1"', "3", "1.5", "null"]),
      ...of("ReActorFaceSwap.scale_factor", "takes", ["2", "2.0", "absent"]),
      ...of("ReActorFaceSwap.scale_factor", "value_not_in_list", ["3", '"2.0"']),
    ],
  },
  {
    rule: "A combo of the type COMBO: the same. 0.3.64 looks at none of them, and what is on no list fails there when it runs",
    cases: [
      ...of("SaveText.format", "takes", ['"md"']),
      ...of("SaveText.format", "value_not_in_list", ['"doc"', "null", "1", '""', "{}"], { older: "takes" }),
      ...of("SaveText.format", "bad_linked_input", ["[]", '["md"]']),
      ...of("SaveText.format", "required_input_missing", ["absent"]),
    ],
  },
  {
    rule: "A combo that takes several: a wrapped list, of which each must be on the list, or one of them",
    cases: [
      ...of("ProbeInputs.several", "takes", [
        '"a"',
        '{"__value__":["a"]}',
        '{"__value__":["a","b"]}',
        '{"__value__":[]}',
      ]),
      ...of("ProbeInputs.several", "value_not_in_list", ['"c"', "null", '{"__value__":["a","c"]}'], { older: "takes" }),
      ...of("ProbeInputs.several", "bad_linked_input", ['["a"]', "[]"]),
      ...of("ProbeInputs.several", "exception", ['["a","b"]']),
    ],
  },
  {
    rule: "A combo of texts, numbers and true: each by its value",
    cases: [
      ...of("ProbeInputs.mixed", "takes", ['"auto"', "0", "false", "0.0", "1", "true", "1.5"]),
      ...of("ProbeInputs.mixed", "value_not_in_list", ['"0"', "2", "null", '"1.5"']),
    ],
  },
  {
    rule: "A list in place of a type is fed by the same list alone; a COMBO by a COMBO, and since 0.33.0 by any list",
    cases: [
      ...of("ProbeInputs.listed", "takes", ['["probe",0]', '["anything",0]']),
      ...of("ProbeInputs.listed", "return_type_mismatch", ['["probe",2]', '["text",0]']),
      ...of("ImageScale.crop", "return_type_mismatch", ['["probe",0]', '["probe",2]']),
      ...of("ProbeInputs.combo", "takes", ['["probe",2]', '["anything",0]']),
      ...of("ProbeInputs.combo", "takes", ['["probe",0]'], { older: "return_type_mismatch" }),
      ...of("ProbeInputs.combo", "return_type_mismatch", ['["text",0]']),
    ],
  },
  {
    rule: "Several types with bounds: a value is not converted, and what is no number cannot be compared",
    cases: [
      ...of("ProbeInputs.bounded", "takes", ["0", "0.5", "1", "true", '["fraction",0]', '["whole number",0]']),
      ...of("ProbeInputs.bounded", "value_bigger_than_max", ["2", "1.01"]),
      ...of("ProbeInputs.bounded", "value_smaller_than_min", ["-1"]),
      ...of("ProbeInputs.bounded", "exception", ['"0.5"', "null", "{}"]),
      ...of("ProbeInputs.bounded", "return_type_mismatch", ['["text",0]']),
    ],
  },
  {
    rule: "forceInput, lazy and rawLink change nothing: a value passes where a socket is drawn, and what is behind a link is looked at",
    cases: [
      ...of("ProbeInputs.forced", "takes", ["3", '["whole number",0]', "absent"]),
      ...of("ProbeInputs.forced", "value_bigger_than_max", ["9"]),
      ...of("ProbeInputs.late", "takes", ['["picture",0]', '["probe",1]']),
      ...of("ProbeInputs.late", "return_type_mismatch", ['["latent",0]']),
      ...of("ProbeInputs.late", "exception", ['["nobody",0]']),
      ...of("ProbeInputs.raw", "return_type_mismatch", ['["latent",0]']),
      ...of("ProbeInputs.raw", "exception", ['["nobody",0]']),
    ],
  },
  {
    rule: "A type that only its pack knows takes any plain value; hidden inputs are not looked at",
    cases: [
      ...of("ProbeInputs.custom", "takes", ["5", '"x"', "null", '{"a":1}', '{"__value__":[[0,0],[1,1]]}']),
      ...of("ProbeInputs.custom", "return_type_mismatch", ['["picture",0]']),
      ...of("ProbeInputs.custom", "bad_linked_input", ["[]", "[0.5]"]),
      ...of("ProbeInputs.unique_id", "takes", ["5", '"x"', "[]"]),
      ...of("ProbeInputs.open", "takes", ['["picture",0]']),
      ...of("ProbeInputs.open", "takes", ['["latent",0]'], { older: "return_type_mismatch" }),
      ...of("ProbeInputs.size", "return_type_mismatch", ['["probe",1]']),
    ],
  },
  {
    rule: "An input that its class looks at itself (VALIDATE_INPUTS) is asked neither for bounds nor for its list: a file must be there. What is no text, or a link, makes Python throw",
    cases: [
      ...of("LoadImage.image", "takes", ['"there.png"', '"sub/there.png"', '"there.png [input]"']),
      ...of("LoadImage.image", "custom_validation_failed", [
        '"missing.png"',
        '"there.png [output]"',
        '"sub/missing.png"',
      ]),
      ...of("LoadImage.image", "fails at run", ['""', '"sub"']),
      ...of("LoadImage.image", "exception", ["null", "5", "true", "{}", "absent", '["anything",0]']),
      ...of("LoadImageMask.channel", "value_not_in_list", ['"blu"'], { beside: { image: "there.png" } }),
      ...of("LoadVideo.file", "custom_validation_failed", ['"missing.mp4"']),
      ...of("LoadAudio.audio", "custom_validation_failed", ['"missing.mp3"']),
    ],
  },
  {
    rule: "An input of another type takes a link. A plain value passes, and the node fails when it runs",
    cases: [
      ...of("ImageInvert.image", "takes", ['["picture",0]', '["picture",-1]', '["picture",false]']),
      ...of("ImageInvert.image", "fails at run", ['"1"', "5", "null", "{}"]),
      ...of("ImageInvert.image", "required_input_missing", ["absent"]),
    ],
  },
  {
    rule: "A link is a list of a node's id, which is a text, and the number of an output: Python counts below 0 from the last, and takes true for 1",
    cases: [
      ...of("ImageInvert.image", "bad_linked_input", ["[]", '["picture"]', '["picture",0,0]']),
      ...of("ImageInvert.image", "exception", [
        '["nobody",0]',
        "[1,0]",
        "[null,0]",
        '["picture",1]',
        '["picture",-2]',
        '["picture",true]',
        '["picture","0"]',
        '["picture",0.5]',
        '["picture",null]',
        '["saved text",0]',
      ]),
      ...of("ImageInvert.image", "takes", ['["two outputs",-2]', '["two outputs",false]']),
      ...of("ImageInvert.image", "return_type_mismatch", [
        '["two outputs",1]',
        '["two outputs",-1]',
        '["two outputs",true]',
      ]),
    ],
  },
  {
    rule: "What a link brings fits if one of its types is among those of the input, if one of the two is *, or a match type; INT is no FLOAT",
    cases: [
      ...of("ImageInvert.image", "return_type_mismatch", ['["latent",0]', '["whole number",0]']),
      ...of("ImageInvert.image", "takes", ['["anything",0]', '["matched",0]']),
      ...of("EmptyImage.width", "takes", ['["whole number",0]', '["anything",0]', '["sum",1]']),
      ...of("EmptyImage.width", "return_type_mismatch", ['["fraction",0]', '["text",0]', '["sum",0]']),
      ...of("ImageScaleBy.scale_by", "return_type_mismatch", ['["whole number",0]', '["sum",1]']),
      ...of("ImageScaleBy.scale_by", "takes", ['["fraction",0]', '["sum",0]']),
      ...of("PreviewAny.source", "takes", ['["latent",0]', '["picture",0]', '["sum",2]', "5", '"text"', "null"]),
      ...of(
        "ResizeImageMaskNode.resize_type.match",
        "takes",
        ['["picture",0]', '["two outputs",1]', '["anything",0]'],
        {
          beside: { resize_type: "match size", "resize_type.crop": "center" },
        },
      ),
      ...of("ResizeImageMaskNode.resize_type.match", "return_type_mismatch", ['["latent",0]'], {
        beside: { resize_type: "match size", "resize_type.crop": "center" },
      }),
      ...of("ImageScale.crop", "return_type_mismatch", ['["text",0]', '["picture",0]']),
      ...of("ImageScale.crop", "takes", ['["anything",0]']),
    ],
  },
  {
    rule: "Inputs that the class does not declare are not looked at, whatever they hold; a link among them to a node that is not there fails when the graph runs",
    cases: [
      ...of("EmptyImage.bogus", "takes", ["1", "null", "{}", "[]", "[1,2,3]", '["a","b"]', '["a"]']),
      ...of("EmptyImage.bogus", "fails at run", ['["nobody",0]']),
    ],
  },
  {
    rule: "An optional input may be absent; if it is there, it is looked at like any other",
    cases: [
      ...of("ImageCompositeMasked.mask", "takes", ["absent", '["two outputs",1]']),
      ...of("ImageCompositeMasked.mask", "return_type_mismatch", ['["picture",0]']),
      ...of("ImageCompositeMasked.mask", "bad_linked_input", ["[]"]),
      ...of("ImageCompositeMasked.mask", "exception", ['["nobody",0]']),
    ],
  },
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

function of(
  input: Case["input"],
  comfyui: Case["comfyui"],
  values: readonly string[],
  more: Pick<Case, "warns" | "beside" | "older"> = {},
): Case[] {
  return values.map((value) => ({ input, value, comfyui, ...more }));
}
