import { graphText, parseGraphText } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { readGraph } from "../graph/read-graph.ts";
import { checkWorkflow } from "./check-workflow.ts";
import { exportedGraph, testBackend } from "./test-nodes.ts";

// ComfyUI's own validation, rule by rule: what it answered to each value (recorded on 0.3.64 and 0.33.0), and what the
// check says. `passes`: ComfyUI takes it. `warns`: ComfyUI takes it for something else than it says. Else the finding.

type Answer =
  | "passes"
  | "warns"
  | "VALUE_WRONG_TYPE"
  | "VALUE_OUT_OF_BOUNDS"
  | "CHOICE_MISSING"
  | "LINK_BROKEN"
  | "LINK_TYPE";

const rules: readonly [type: string, node: string, input: string, answers: readonly [string, Answer][]][] = [
  [
    "INT",
    "3",
    "steps",
    [
      ["20", "passes"],
      ['"20"', "passes"],
      ['" 20 "', "passes"],
      ["20.7", "passes"],
      ["100.0", "passes"],
      ["true", "passes"],
      ["null", "VALUE_WRONG_TYPE"],
      ["{}", "VALUE_WRONG_TYPE"],
      ['"x"', "VALUE_WRONG_TYPE"],
      ['"20.7"', "VALUE_WRONG_TYPE"],
      ["NaN", "VALUE_WRONG_TYPE"],
      ["[]", "LINK_BROKEN"],
      ["[1]", "LINK_BROKEN"],
      ["10001", "VALUE_OUT_OF_BOUNDS"],
      ["-1", "VALUE_OUT_OF_BOUNDS"],
      ["100000000000000000000000", "VALUE_OUT_OF_BOUNDS"],
    ],
  ],
  [
    "INT up to 2^64",
    "3",
    "seed",
    [
      ["18446744073709551615", "passes"],
      ['"18446744073709551615"', "passes"],
      ["18446744073709551616", "VALUE_OUT_OF_BOUNDS"],
      ['"18446744073709551616"', "VALUE_OUT_OF_BOUNDS"],
      ["18446744073709551616.0", "VALUE_OUT_OF_BOUNDS"],
      ["184467440737095516150", "VALUE_OUT_OF_BOUNDS"],
      ["-9007199254740993", "VALUE_OUT_OF_BOUNDS"],
    ],
  ],
  [
    "FLOAT",
    "3",
    "denoise",
    [
      ["0.5", "passes"],
      ['"0.5"', "passes"],
      ["true", "passes"],
      ["null", "VALUE_WRONG_TYPE"],
      ['"high"', "VALUE_WRONG_TYPE"],
      ["1.5", "VALUE_OUT_OF_BOUNDS"],
    ],
  ],
  [
    "STRING",
    "6",
    "text",
    [
      ['"a boat"', "passes"],
      ["5", "passes"],
      ["true", "passes"],
      ["null", "warns"],
      ['{"a":1}', "warns"],
      ['["a","b"]', "LINK_BROKEN"],
    ],
  ],
  [
    "COMBO of texts",
    "3",
    "sampler_name",
    [
      ['"euler"', "passes"],
      ['"none such"', "CHOICE_MISSING"],
      ["null", "CHOICE_MISSING"],
      ["1", "CHOICE_MISSING"],
      ["{}", "CHOICE_MISSING"],
    ],
  ],
  [
    "COMBO of numbers",
    "20",
    "scale_factor",
    [
      ["2", "passes"],
      ["2.0", "passes"],
      ["true", "passes"],
      ['"2"', "CHOICE_MISSING"],
      ["3", "CHOICE_MISSING"],
    ],
  ],
  [
    "MODEL",
    "3",
    "model",
    [
      ['["4",0]', "passes"],
      ["[4,0]", "LINK_BROKEN"],
      ['["4"]', "LINK_BROKEN"],
      ['["4",0,0]', "LINK_BROKEN"],
      ['["4","0"]', "LINK_BROKEN"],
      ['["4",0.5]', "LINK_BROKEN"],
      ['["nobody",0]', "LINK_BROKEN"],
      ['["4",3]', "LINK_TYPE"],
      ['["4",1]', "LINK_TYPE"],
      ["null", "LINK_TYPE"],
      ['"4"', "LINK_TYPE"],
    ],
  ],
];

const cases = rules.flatMap(([type, node, input, answers]) =>
  answers.map(([value, answer]) => [type, value, answer, node, input] as const),
);

/** The check of the common graph with one value of it replaced, as text. */
function checked(node: string, input: string, value: string) {
  const graph = exportedGraph();
  const scale = { class_type: "FaceSwap", inputs: { image: ["8", 0], log_level: 1, scale_factor: 2 } };
  graph["20"] = scale;
  graph["9"] = { class_type: "SaveImage", inputs: { images: ["20", 0], filename_prefix: "x" } };
  graph["4"] = { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "photo.safetensors" } };
  const target = graph[node];
  if (target !== undefined) target.inputs[input] = parseGraphText(value);
  const parsed = readGraph(graphText(graph));
  const definition = { slug: "mine", name: "Mine", description: "", parameters: [], bindings: [] };
  const site = { backends: [testBackend()], allowed: new Set(["FaceSwap"]) };
  return checkWorkflow({ ...definition, graph: parsed, outputs: ["9"] }, site).findings;
}

test.each(cases)("%s %s: %s", (_, value, answer, node, input) => {
  const findings = checked(node, input, value).filter(({ severity }) => severity !== "note");
  if (answer === "passes") return expect(findings).toEqual([]);
  const about = answer === "warns" ? { severity: "warning" } : { severity: "error", code: answer };
  expect(findings).toContainEqual(expect.objectContaining({ nodeId: node, field: input, ...about }));
});
