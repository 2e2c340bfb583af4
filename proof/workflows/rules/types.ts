import { of, type Rule } from "./case.ts";

/** Inputs of several types, of none that is known, and those that a class looks at itself. */
export const types: readonly Rule[] = [
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
];
