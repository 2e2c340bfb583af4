import type { Mutant } from "./mutant.ts";

const pairs = ["packages/workflow-format/src/convert.test.ts"];
const compiled = ["packages/contracts/src/workflow/compile-graph.test.ts"];
const inputs = ["packages/contracts/src/workflow/inputs.test.ts"];
const uploads = ["apps/web/src/server/uploads/uploads.test.ts"];

/** Guarded here: what a file of ComfyUI's editor becomes, and what a form sends. */
export const workflowsMutants: Readonly<Record<string, Mutant>> = {
  "muted-node": {
    guard: "a muted node gives nothing",
    file: "packages/workflow-format/src/links/resolve.ts",
    text: "if (node.mode === MUTED) return none;",
    replacement: "",
    tests: pairs,
  },
  "bypassed-node": {
    guard: "a bypassed node hands on one of its inputs",
    file: "packages/workflow-format/src/links/resolve.ts",
    text: "if (node.mode === BYPASSED) return pass(layouts, question, slot, trail);",
    replacement: "if (node.mode === BYPASSED) return none;",
    tests: pairs,
  },
  "seed-control": {
    guard: "what stands behind a seed in a file is no value of the next widget",
    file: "packages/workflow-format/src/values/widget-values.ts",
    text: "hand.skip(input.extraPlaces ?? 0);",
    replacement: "",
    tests: pairs,
  },
  "list-value": {
    guard: "a list that is a value is not taken for a link",
    file: "packages/workflow-format/src/values/widget-values.ts",
    text: "if (!Array.isArray(value)) return value;",
    replacement: 'if (type !== "CURVE") return value;',
    tests: pairs,
  },
  "other-option": {
    guard: "a job that gives what another option brings is refused",
    file: "packages/contracts/src/workflow/inputs.ts",
    text: "if (!appliesWith(parameter, parameters, inputs)) {",
    replacement: "if (parameter.when !== undefined && parameters.length === 0) {",
    tests: inputs,
  },
  "own-option": {
    guard: "a job with another option than the graph's is sent nothing of the graph's own",
    file: "packages/contracts/src/workflow/compile-graph.ts",
    text: "delete node.inputs[name];",
    replacement: "continue;",
    tests: inputs,
  },
  "painted-mask": {
    guard: "what is white in a mask is meant, also where the graph reads what is transparent",
    file: "packages/contracts/src/workflow/mask-loader.ts",
    text: "if (node === undefined || !readsTransparency(graph, nodeId, node)) return;",
    replacement: "if (node !== undefined) return;",
    tests: compiled,
  },
  "mask-of-picture": {
    guard: "a picture that is used beside its mask stays a picture",
    file: "packages/contracts/src/workflow/mask-loader.ts",
    text: "links.every((link)",
    replacement: "links.some((link)",
    tests: compiled,
  },
  "object-part": {
    guard: "a value goes into the object that an input holds, not beside it",
    file: "packages/contracts/src/workflow/object-part.ts",
    text: "if (inner === null) return { ...node.inputs, [input]: value };",
    replacement: "if (inner !== null || value !== null) return { ...node.inputs, [input]: value };",
    tests: compiled,
  },
  "box-side": {
    guard: "what sets a part of a box is a number within a picture",
    file: "packages/api/src/workflows/check/check-on-backend.ts",
    text: "part !== null && place.startsWith(",
    replacement: "part !== null && !place.startsWith(",
    tests: ["packages/api/src/workflows/check/check-workflow.test.ts"],
    only: "for a part of a box",
  },
  "nested-combo": {
    guard: "nothing hangs on a dynamic combo that nobody can choose",
    file: "packages/api/src/workflows/parameters/candidate-conditions.ts",
    text: "(offeredOf(when, found).length > 0 && isOffered(when.combo))",
    replacement: "found.has(when.combo)",
    tests: ["packages/api/src/workflows/parameters/suggest-parameters.test.ts"],
    only: "is not offered, nor is what hangs on it",
  },
  "gltf-parts": {
    guard: "a 3D model that names other files is not taken",
    file: "packages/storage/src/model-file.ts",
    text: '!part.uri.startsWith("data:")',
    replacement: "part.uri === null",
    tests: uploads,
    only: "a 3D model that would lead the server to other files is refused",
  },
  "size-of-kind": {
    guard: "a file has the limit of what it is",
    file: "apps/web/src/server/uploads/uploads.ts",
    text: "if (sizeBytes > maxBytes) throw new FileTooLarge(maxBytes);",
    replacement: "",
    tests: uploads,
    only: "a file over the limit of its kind",
  },
  "value-replaced": {
    guard: "an import tells of a value that ComfyUI refuses where an input takes its place",
    file: "packages/api/src/workflows/versions/import-workflow.ts",
    text: "[...read.findings, ...replacedValues(draft, site)]",
    replacement: "read.findings",
    tests: ["packages/api/src/workflows/versions/import-workflow.test.ts"],
    only: "takes its place",
  },
};
