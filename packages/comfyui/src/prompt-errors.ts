import { z } from "zod";
import { type NodeError, type NodeErrorDetail, type PromptFailure, PromptRejected } from "./errors.ts";

const detailSchema = z.looseObject({
  type: z.string().catch("unknown"),
  message: z.string().catch(""),
  details: z.string().catch(""),
  extra_info: z.looseObject({}).nullish().catch(null),
});

const nodeErrorsSchema = z.record(
  z.string(),
  z.looseObject({ class_type: z.string().catch(""), errors: z.array(detailSchema).catch([]) }),
);

const refusalSchema = z.looseObject({
  error: z.union([detailSchema, z.string()]).optional(),
  node_errors: z.unknown().optional(),
});

const failureSchema = z.looseObject({
  node_id: z.union([z.string(), z.number()]).transform(String).nullish().catch(null),
  node_type: z.string().nullish().catch(null),
  exception_message: z.string().catch(""),
  exception_type: z.string().catch("Exception"),
  traceback: z.array(z.string()).catch([]),
});

/** `node_errors` of an answer, one entry per node; empty if there are none or they have another form. */
export function parseNodeErrors(raw: unknown): NodeError[] {
  const parsed = nodeErrorsSchema.safeParse(raw);
  if (!parsed.success) return [];
  return Object.entries(parsed.data).map(([nodeId, node]) => ({
    nodeId,
    classType: node.class_type,
    errors: node.errors.map(liftDetail),
  }));
}

function liftDetail(raw: z.infer<typeof detailSchema>): NodeErrorDetail {
  const info = raw.extra_info ?? {};
  const inputName = info.input_name;
  return {
    type: raw.type,
    message: raw.message,
    details: raw.details,
    inputName: typeof inputName === "string" ? inputName : null,
    received: info.received_value ?? null,
    allowed: allowedChoices(info.input_config),
  };
}

function allowedChoices(config: unknown): string[] | null {
  if (!Array.isArray(config)) return null;
  const [head, options] = config;
  if (Array.isArray(head)) return head.map(String);
  if (head !== "COMBO" || typeof options !== "object" || options === null || !("options" in options)) return null;
  return Array.isArray(options.options) ? options.options.map(String) : null;
}

/** The error for a refused `POST /prompt`, or null if the body is not a refusal. */
export function parseRefusal(body: unknown): PromptRejected | null {
  const parsed = refusalSchema.safeParse(body);
  if (!parsed.success) return null;
  const nodeErrors = parseNodeErrors(parsed.data.node_errors);
  const { error } = parsed.data;
  if (error === undefined) return null;
  if (typeof error === "string") return new PromptRejected("unknown", error, "", nodeErrors);
  return new PromptRejected(error.type, error.message, error.details, nodeErrors);
}

/** `execution_error` data, from a frame or from the history's messages. */
export function parseFailure(raw: unknown): PromptFailure {
  const parsed = failureSchema.safeParse(raw);
  if (!parsed.success) {
    return { nodeId: null, nodeType: null, exceptionType: "Exception", message: "unknown error", traceback: [] };
  }
  const { node_id, node_type, exception_message, exception_type, traceback } = parsed.data;
  return {
    nodeId: node_id ?? null,
    nodeType: node_type ?? null,
    exceptionType: exception_type,
    message: exception_message.trimEnd(),
    traceback,
  };
}

/**
 * What a node's exception says of the server. `out-of-memory`: a node asked for more memory than there is. `device-lost`: the
 * GPU's context is broken, so every later prompt fails as well until the server is restarted. `disk-full`: whatever wants to save
 * something there fails until somebody makes room. `node`: of the node only.
 */
export function failureKind(failure: PromptFailure): "node" | "out-of-memory" | "device-lost" | "disk-full" {
  if (isOutOfMemory(failure)) return "out-of-memory";
  if (isDiskFull(failure)) return "disk-full";
  return isDeviceLost(failure) ? "device-lost" : "node";
}

/** True for CUDA, ROCm, MPS and plain memory errors, as torch names them. */
function isOutOfMemory({ exceptionType, message }: PromptFailure): boolean {
  return /OutOfMemoryError|MemoryError$/.test(exceptionType) || /out of memory|Allocation on device/i.test(message);
}

/** As Python, and what is written in Rust below it, says that the server's disk takes no files. */
function isDiskFull({ message }: PromptFailure): boolean {
  return /No space left on device|Disk quota exceeded|Read-only file system/i.test(message);
}

// CUDA and HIP name them alike. Each leaves the process's context unusable; other errors of theirs do not.
const brokenContext =
  /(CUDA|HIP) error: .*(illegal memory access|illegal instruction|device-side assert|launch failure|misaligned address|uncorrectable ECC|device (is )?lost|hardware exception)/i;

function isDeviceLost({ message }: PromptFailure): boolean {
  return brokenContext.test(message);
}
