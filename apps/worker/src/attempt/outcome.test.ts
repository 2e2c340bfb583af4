import {
  ComfyProtocolError,
  ComfyUnreachable,
  failedPrompt,
  type PromptFailed,
  PromptInterrupted,
  PromptLost,
  PromptRejected,
} from "@darkroom/comfyui";
import type { Failure, Parameter } from "@darkroom/contracts";
import { StorageUnavailable } from "@darkroom/storage";
import { describe, expect, test } from "vitest";
import { AttemptCanceled, AttemptReleased, AttemptTimedOut, LeaseLost } from "./attempt.ts";
import { classify, InputMissing, type OutcomeContext, OutputGone, OutputInvalid } from "./outcome.ts";

const parameters: Parameter[] = [
  { name: "model", label: "Model", kind: "model", required: true, folder: "checkpoints" },
  { name: "image", label: "Image", kind: "image", required: true },
];

const definition: OutcomeContext["definition"] = {
  graph: {
    "1": { class_type: "CheckpointLoaderSimple", inputs: {}, _meta: { title: "Load model" } },
    "2": { class_type: "KSampler", inputs: {}, _meta: { title: "Sampler" } },
  },
  parameters,
  bindings: [{ parameter: "model", node: "1", input: "ckpt_name" }],
};

const context = (changes: Partial<OutcomeContext> = {}): OutcomeContext => ({
  definition,
  isCanceling: false,
  failures: 0,
  blocked: null,
  random: () => 0.5,
  ...changes,
});

const rejected = new PromptRejected("prompt_outputs_failed_validation", "Prompt outputs failed validation", "", [
  {
    nodeId: "2",
    classType: "KSampler",
    errors: [
      {
        type: "required_input_missing",
        message: "Required input is missing",
        details: "cfg",
        inputName: "cfg",
        received: null,
        allowed: null,
      },
    ],
  },
  {
    nodeId: "1",
    classType: "CheckpointLoaderSimple",
    errors: [
      {
        type: "value_not_in_list",
        message: "Value not in list",
        details: "ckpt_name: 'nope.safetensors' not in []",
        inputName: "ckpt_name",
        received: "nope.safetensors",
        allowed: [],
      },
    ],
  },
]);

const raised = (exceptionType: string, message: string, nodeId: string | null = "2"): PromptFailed =>
  failedPrompt("p", { nodeId, nodeType: "KSampler", exceptionType, message, traceback: ["/home/comfy/x.py"] });

const outOfMemory = raised("torch.OutOfMemoryError", "Allocation on device \nThis error means you ran out of memory");
const lostGpu = "CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be reported later";
const withCode = (code: string): Error => Object.assign(new Error(code), { code });

describe("classify", () => {
  test.each<[string, unknown, ReturnType<typeof classify>["type"]]>([
    ["a lost lease ends without a word", new LeaseLost("x"), "abandoned"],
    ["a shutdown gives the job back", new AttemptReleased("x"), "released"],
    ["an unreachable backend gives it back", new ComfyUnreachable("http://x", "GET /queue"), "released"],
    ["a proxy without its backend gives it back", new ComfyProtocolError("GET /queue answered 502", 502), "released"],
    ["a full disk gives it back", withCode("ENOSPC"), "released"],
    ["a bucket that does not answer gives it back", new StorageUnavailable("ECONNREFUSED"), "released"],
    ["a cancel is a cancel", new AttemptCanceled("x"), "canceled"],
  ])("%s", (_name, error, type) => expect(classify(error, context()).type).toBe(type));

  test.each([
    ...["CONNECTION_CLOSED", "CONNECT_TIMEOUT", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"],
    ...["08006", "25P03", "40001", "40P01", "53100", "53200", "53300", "55P03", "57014", "57P01", "57P04", "57P05"],
  ])("Postgres that cannot answer (%s) never spends the job's budget", (code) =>
    expect(classify(new Error("Failed query", { cause: withCode(code) }), context({ failures: 9 }))).toEqual({
      type: "released",
    }),
  );

  test.each<[string, unknown, Partial<Failure>]>([
    [
      "a refusal names the parameter, the node and ComfyUI's own message",
      rejected,
      { code: "PROMPT_REJECTED", field: "model", nodeId: "1", nodeTitle: "Load model", retryable: false },
    ],
    ["a node's exception", raised("ValueError", "bad shape\n"), { code: "NODE_FAILED", nodeTitle: "Sampler" }],
    [
      "an error of CUDA that breaks nothing",
      raised("RuntimeError", "CUDA error: invalid argument"),
      { code: "NODE_FAILED" },
    ],
    ["an interrupt by somebody else", new PromptInterrupted("p"), { code: "INTERRUPTED", retryable: true }],
    ["a missing upload", new InputMissing("image"), { code: "INPUT_MISSING", field: "image" }],
    ["a timeout", new AttemptTimedOut(600, "interrupted"), { code: "TIMEOUT", retryable: true }],
  ])("%s fails the job at once", (_name, error, failure) =>
    expect(classify(error, context())).toMatchObject({ type: "failed", failure }),
  );

  test.each<[string, unknown, Partial<Failure>, boolean]>([
    ["a lost prompt", new PromptLost("p"), { code: "POISON" }, true],
    ["an adopted prompt's deleted file", new OutputGone("x.png"), { code: "POISON" }, true],
    ["out of memory", outOfMemory, { code: "OUT_OF_MEMORY" }, false],
    ["a lost GPU", raised("torch.AcceleratorError", lostGpu), { code: "POISON" }, true],
    ["a damaged output", new OutputInvalid("It is empty."), { code: "OUTPUT_INVALID" }, false],
    ["a fault of ours", new TypeError("undefined is not a function"), { code: "INTERNAL" }, false],
  ])("%s is tried again", (_name, error, failure, infra) =>
    expect(classify(error, context())).toMatchObject({ type: "retry", infra, failure }),
  );

  test.each([
    ["out of memory", outOfMemory],
    ["a damaged output", new OutputInvalid("It is empty.")],
  ])("%s is not tried a third time", (_name, error) =>
    expect(classify(error, context({ failures: 1 })).type).toBe("failed"),
  );

  test.each([
    ["interrupted", new PromptInterrupted("p")],
    ["lost", new PromptLost("p")],
    ["failed", raised("ValueError", "x")],
    ["out of reach", new ComfyUnreachable("http://x", "x")],
    ["given back", new AttemptReleased("x")],
  ])("whatever is %s while it is being canceled is canceled", (_name, error) =>
    expect(classify(error, context({ isCanceling: true }))).toEqual({ type: "canceled" }),
  );

  test("a lost lease writes nothing, also while it is being canceled", () => {
    expect(classify(new LeaseLost("x"), context({ isCanceling: true }))).toEqual({ type: "abandoned" });
  });

  test("messages carry ComfyUI's own words and no path of its server", () => {
    const refusal = classify(rejected, context());
    expect(refusal).toMatchObject({ failure: { message: expect.stringContaining("'nope.safetensors' not in []") } });
    expect(JSON.stringify(classify(raised("ValueError", "bad shape"), context()))).toContain("bad shape");
    expect(JSON.stringify(classify(outOfMemory, context()))).not.toContain("/home/comfy");
  });

  test("a node of an expanded subgraph is named by the node people placed", () => {
    expect(classify(raised("ValueError", "x", "2.0.0.1"), context())).toMatchObject({
      failure: { nodeId: "2.0.0.1", nodeTitle: "Sampler" },
    });
  });

  test("the wait before another try grows and stays within a minute", () => {
    const delays = [0, 1, 5, 20].map((failures) => classify(new Error("x"), context({ failures })));
    expect(delays.map((outcome) => (outcome.type === "retry" ? outcome.delaySeconds : null))).toEqual([1, 2, 30, 30]);
  });
});
