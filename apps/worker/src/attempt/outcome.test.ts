import { ComfyProtocolError, ComfyUnreachable, PromptRejected } from "@darkroom/comfyui";
import type { Failure, Parameter } from "@darkroom/contracts";
import { StorageUnavailable } from "@darkroom/storage";
import { describe, expect, test } from "vitest";
import { backendAfter, type Ending, endingOf, needsFree, stoppedBy } from "./ending.ts";
import { type OutcomeContext, outcomeOf } from "./outcome.ts";

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
  mayHaveBegun: true,
  failures: 0,
  random: () => 0.5,
  ...changes,
});

const rejected = endingOf(
  new PromptRejected("prompt_outputs_failed_validation", "Prompt outputs failed validation", "", [
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
  ]),
);

const raised = (exceptionType: string, message: string, nodeId: string | null = "2"): Ending => ({
  type: "failed",
  failure: { nodeId, nodeType: "KSampler", exceptionType, message, traceback: ["/home/comfy/x.py"] },
});

const outOfMemory = raised("torch.OutOfMemoryError", "Allocation on device \nThis error means you ran out of memory");
const damaged: Ending = { type: "output-invalid", message: "It is empty." };
const lostGpu = "CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be reported later";
/** As ComfyUI's log and history have it, from `SaveImage`, from a model loader in Rust, and from a folder with a quota. */
const fullDisks = [
  raised("OSError", "[Errno 28] No space left on device: '/comfyui/output/x_00001_.png'"),
  raised(
    "safetensors_rust.SafetensorError",
    "Error while serializing: I/O error: No space left on device (os error 28)",
  ),
  raised("OSError", "[Errno 122] Disk quota exceeded"),
  raised("OSError", "[Errno 30] Read-only file system: '/comfyui/output'"),
];
const withCode = (code: string): Error => Object.assign(new Error(code), { code });

const brokenBy = (cause: Error): ComfyUnreachable => new ComfyUnreachable("http://x", "GET /queue", { cause });
const refused = brokenBy(withCode("ECONNREFUSED"));

describe("outcomeOf", () => {
  test.each<[string, Ending, ReturnType<typeof outcomeOf>["type"]]>([
    ["a lost lease ends without a word", { type: "lease-lost", why: "x" }, "abandoned"],
    ["a shutdown releases the job", { type: "released", why: "x" }, "released"],
    ["a silent backend releases it", endingOf(new ComfyUnreachable("http://x", "GET /queue")), "released"],
    ["a reset connection releases it", endingOf(brokenBy(withCode("ECONNRESET"))), "released"],
    ["a refused connection gives it to whoever is free", endingOf(refused), "backend-gone"],
    [
      "a proxy without its backend releases it",
      endingOf(new ComfyProtocolError("GET /queue answered 502", 502)),
      "released",
    ],
    [
      "a proxy that does not know us any more releases it",
      endingOf(new ComfyProtocolError("POST /prompt answered 401", 401)),
      "released",
    ],
    ["a full disk releases it", endingOf(withCode("ENOSPC")), "released"],
    ["a bucket that does not answer releases it", endingOf(new StorageUnavailable("ECONNREFUSED")), "released"],
    ["a cancel is a cancel", { type: "canceled", stopped: null }, "canceled"],
  ])("%s", (_name, ending, type) => expect(outcomeOf(ending, context()).type).toBe(type));

  test.each([
    ...["CONNECTION_CLOSED", "CONNECT_TIMEOUT", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"],
    ...["08006", "25P03", "40001", "40P01", "53100", "53200", "53300", "55P03", "57014", "57P01", "57P04", "57P05"],
  ])("Postgres that cannot answer (%s) never spends the job's budget", (code) =>
    expect(outcomeOf(endingOf(new Error("Failed query", { cause: withCode(code) })), context({ failures: 9 }))).toEqual(
      {
        type: "released",
      },
    ),
  );

  test.each<[string, Ending, Partial<Failure>]>([
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
    ["an interrupt by somebody else", { type: "interrupted" }, { code: "INTERRUPTED", retryable: true }],
    ["a missing upload", { type: "input-missing", parameter: "image" }, { code: "INPUT_MISSING", field: "image" }],
    [
      "a file that is too large for the backend",
      { type: "input-too-large", parameter: "image", maxBytes: 100 * 1024 ** 2 },
      { code: "PROMPT_REJECTED", field: "image", retryable: false, message: expect.stringContaining("the 100 MB") },
    ],
    ["a run that made nothing", { type: "no-output", message: "Nothing." }, { code: "OUTPUT_INVALID" }],
    [
      "a timeout",
      { type: "timed-out", timeoutSeconds: 600, stopped: "interrupted" },
      { code: "TIMEOUT", retryable: true, message: expect.stringContaining("its limit of 600 seconds.") },
    ],
    [
      "a timeout after one second",
      { type: "timed-out", timeoutSeconds: 1, stopped: "interrupted" },
      { code: "TIMEOUT", message: expect.stringContaining("its limit of 1 second.") },
    ],
  ])("%s fails the job at once", (_name, ending, failure) =>
    expect(outcomeOf(ending, context())).toMatchObject({ type: "failed", failure }),
  );

  test.each<[string, Ending, Partial<Failure>, boolean]>([
    ["a lost prompt", { type: "lost" }, { code: "POISON" }, true],
    ["an adopted prompt's deleted file", { type: "output-gone" }, { code: "POISON" }, true],
    ["out of memory", outOfMemory, { code: "OUT_OF_MEMORY" }, false],
    ["a lost GPU", raised("torch.AcceleratorError", lostGpu), { code: "POISON" }, true],
    ...fullDisks.map((ending): [string, Ending, Partial<Failure>, boolean] => [
      "a backend's full disk",
      ending,
      { code: "POISON", message: expect.stringContaining("disk takes no files") },
      true,
    ]),
    ["a damaged output", damaged, { code: "OUTPUT_INVALID" }, false],
    ["a fault of ours", endingOf(new TypeError("undefined is not a function")), { code: "INTERNAL" }, false],
  ])("%s is tried again", (_name, ending, failure, infra) =>
    expect(outcomeOf(ending, context())).toMatchObject({ type: "retry", infra, failure }),
  );

  test.each([true, false])(
    "a backend that is gone counts only against what may have run there (%s)",
    (mayHaveBegun) => {
      expect(outcomeOf(endingOf(refused), context({ mayHaveBegun }))).toEqual({
        type: "backend-gone",
        counts: mayHaveBegun,
      });
    },
  );

  test("an address of several hosts is refused once each of them refuses", () => {
    const all = (...codes: string[]) => endingOf(brokenBy(new AggregateError(codes.map(withCode)))).type;
    expect(all("ECONNREFUSED", "ECONNREFUSED")).toBe("backend-gone");
    expect(all("ECONNREFUSED", "ETIMEDOUT")).toBe("unreachable");
    expect(all()).toBe("unreachable");
  });

  test.each<[string, Ending]>([
    ["out of memory", outOfMemory],
    ["a damaged output", damaged],
  ])("%s is not tried a third time", (_name, ending) =>
    expect(outcomeOf(ending, context({ failures: 1 })).type).toBe("failed"),
  );

  test.each<[string, Ending]>([
    ["interrupted", { type: "interrupted" }],
    ["lost", { type: "lost" }],
    ["failed", raised("ValueError", "x")],
    ["out of reach", endingOf(new ComfyUnreachable("http://x", "x"))],
    ["released", { type: "released", why: "x" }],
  ])("whatever is %s while it is being canceled is canceled", (_name, ending) =>
    expect(outcomeOf(ending, context({ isCanceling: true }))).toEqual({ type: "canceled" }),
  );

  test("a lost lease writes nothing, also while it is being canceled", () => {
    expect(outcomeOf({ type: "lease-lost", why: "x" }, context({ isCanceling: true }))).toEqual({ type: "abandoned" });
  });

  test("messages carry ComfyUI's own words and no path of its server", () => {
    const refusal = outcomeOf(rejected, context());
    expect(refusal).toMatchObject({ failure: { message: expect.stringContaining("'nope.safetensors' not in []") } });
    expect(JSON.stringify(outcomeOf(raised("ValueError", "bad shape"), context()))).toContain("bad shape");
    expect(JSON.stringify(outcomeOf(outOfMemory, context()))).not.toContain("/home/comfy");
  });

  test("a node of an expanded subgraph is named by the node people placed", () => {
    expect(outcomeOf(raised("ValueError", "x", "2.0.0.1"), context())).toMatchObject({
      failure: { nodeId: "2.0.0.1", nodeTitle: "Sampler" },
    });
  });

  test("the wait before another try grows and stays within a minute", () => {
    const delays = [0, 1, 5, 20].map((failures) => outcomeOf(endingOf(new Error("x")), context({ failures })));
    expect(delays.map((outcome) => (outcome.type === "retry" ? outcome.delaySeconds : null))).toEqual([1, 2, 30, 30]);
  });
});

describe("after an attempt", () => {
  test.each<[string, Ending, ReturnType<typeof backendAfter>]>([
    ["is well after a success", { type: "succeeded", missing: [] }, "well"],
    ["is well after a node's exception", raised("ValueError", "x"), "well"],
    ["is well after a prompt that it stopped", { type: "canceled", stopped: "interrupted" }, "well"],
    ["is well while Postgres is away", endingOf(withCode("CONNECTION_CLOSED")), "well"],
    ["is unreachable if it did not answer", endingOf(new ComfyUnreachable("http://x", "x")), "unreachable"],
    ["is gone if nothing listens there", endingOf(refused), "gone"],
    ["is unreachable behind a proxy that answers for it", endingOf(new ComfyProtocolError("x", 503)), "unreachable"],
    ["is broken if its GPU is lost", raised("torch.AcceleratorError", lostGpu), "broken"],
    ...fullDisks.map((ending): [string, Ending, "broken"] => ["is broken if its disk is full", ending, "broken"]),
    ["is broken if it begins nothing", { type: "wedged" }, "broken"],
    ["is stuck if a cancel does not stop it", { type: "canceled", stopped: "stuck" }, "stuck"],
    ["is stuck if a limit does not stop it", { type: "timed-out", timeoutSeconds: 1, stopped: "stuck" }, "stuck"],
    ["is stuck if a stall does not stop it", { type: "stalled", stallMs: 1, stopped: "stuck" }, "stuck"],
  ])("the backend %s", (_name, ending, health) => expect(backendAfter(ending)).toBe(health));

  test.each<[string, Ending, boolean, ReturnType<typeof stoppedBy>]>([
    ["as ComfyUI said", { type: "canceled", stopped: "freed" }, true, "freed"],
    ["out of reach if its server fell silent", endingOf(new ComfyUnreachable("http://x", "x")), true, "unreachable"],
    ["out of reach if its server is gone", endingOf(refused), true, "unreachable"],
    ["by nobody if it was never sent there", endingOf(refused), false, null],
    ["by nobody if it ran to its end", { type: "succeeded", missing: [] }, true, null],
  ])("the prompt was stopped %s", (_name, ending, isOnBackend, stopped) =>
    expect(stoppedBy(ending, isOnBackend)).toBe(stopped),
  );

  test.each<[string, Ending, boolean]>([
    ["after it ran out", outOfMemory, true],
    ["after a stall", { type: "stalled", stallMs: 1, stopped: "interrupted" }, true],
    ["after a damaged file, which its cache would name again", damaged, true],
    ["after a file that is gone", { type: "output-gone" }, true],
    ["not after a node's exception", raised("ValueError", "x"), false],
    ["not after a success", { type: "succeeded", missing: [] }, false],
  ])("ComfyUI is told to free its memory %s", (_name, ending, expected) => expect(needsFree(ending)).toBe(expected));
});
