import { of, type Rule } from "./case.ts";

/** What comes from other nodes, and what may be absent. */
export const links: readonly Rule[] = [
  {
    rule: "An input of another type takes a link. A plain value passes, and the node fails when it runs; null is what an optional input has that nothing is linked to",
    cases: [
      ...of("ImageInvert.image", "takes", ['["picture",0]', '["picture",-1]', '["picture",false]']),
      ...of("ImageInvert.image", "fails at run", ['"1"', "5", "null", "{}"]),
      ...of("ImageInvert.image", "required_input_missing", ["absent"]),
      ...of("CreateVideo.audio", "takes", ["null", "absent"]),
      ...of("CreateVideo.audio", "fails at run", ["5", '"x"']),
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
];
