import { of, type Rule } from "./case.ts";

/** What is chosen from a list. */
export const choices: readonly Rule[] = [
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
];
