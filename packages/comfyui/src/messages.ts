import { z } from "zod";
import { parseTolerantJson } from "./tolerant-json.ts";

/** What the socket can bring. Whatever else comes is counted and ignored: custom nodes may send anything. */

const id = z.union([z.string(), z.number()]).transform(String);
const nodeStateSchema = z.looseObject({
  value: z.number().nullish().catch(0),
  max: z.number().nullish().catch(1),
  state: z.string().catch("running"),
  node_id: id.optional(),
  display_node_id: id.nullish(),
  parent_node_id: id.nullish(),
});

const schemas = {
  status: z.looseObject({
    status: z.looseObject({ exec_info: z.looseObject({ queue_remaining: z.number() }) }),
    sid: z.string().optional(),
  }),
  feature_flags: z.looseObject({ supports_preview_metadata: z.boolean().optional() }),
  execution_start: z.looseObject({ prompt_id: id }),
  execution_cached: z.looseObject({ prompt_id: id, nodes: z.array(id).catch([]) }),
  executing: z.looseObject({ prompt_id: id.optional(), node: id.nullable(), display_node: id.nullish() }),
  progress_state: z.looseObject({ prompt_id: id, nodes: z.record(z.string(), nodeStateSchema).catch({}) }),
  progress: z.looseObject({
    prompt_id: id.optional(),
    node: id.nullish(),
    value: z.number().nullable(),
    max: z.number().nullable(),
  }),
  executed: z.looseObject({ prompt_id: id, node: id, display_node: id.nullish(), output: z.unknown() }),
  execution_success: z.looseObject({ prompt_id: id }),
  execution_error: z.looseObject({ prompt_id: id }),
  execution_interrupted: z.looseObject({ prompt_id: id, node_id: id.nullish(), node_type: z.string().nullish() }),
} as const;

type Schemas = typeof schemas;
export type TextFrame = { [Type in keyof Schemas]: { type: Type; data: z.infer<Schemas[Type]> } }[keyof Schemas];

export interface PreviewFrame {
  readonly type: "preview";
  /** Null in the old layout, which names neither prompt nor node. */
  readonly promptId: string | null;
  readonly nodeId: string | null;
  readonly mimeType: string;
  readonly image: Buffer;
}

export interface NodeTextFrame {
  readonly type: "node-text";
  readonly nodeId: string;
  readonly text: string;
}

export type Frame = TextFrame | PreviewFrame | NodeTextFrame;

/** Why a frame is of no use: custom nodes send kinds of their own, and a known kind may lack what it must have. */
export type FrameFault = "unknown" | "malformed";

/** A text frame, or what is wrong with it. Never throws. */
export function decodeTextFrame(text: string): TextFrame | FrameFault {
  let raw: unknown;
  try {
    raw = parseTolerantJson(text);
  } catch {
    return "malformed";
  }
  if (typeof raw !== "object" || raw === null || !("type" in raw) || !("data" in raw)) return "malformed";
  const { type, data } = raw;
  if (typeof type !== "string") return "malformed";
  if (!Object.hasOwn(schemas, type)) return "unknown";
  const parsed = schemas[type as keyof Schemas].safeParse(data);
  return parsed.success ? ({ type, data: parsed.data } as TextFrame) : "malformed";
}

const metadataSchema = z.looseObject({
  prompt_id: id.nullish(),
  node_id: id.nullish(),
  display_node_id: id.nullish(),
  image_type: z.string().catch("image/jpeg"),
});

/** A binary frame (all integers big-endian u32), or what is wrong with it. Never throws. */
export function decodeBinaryFrame(frame: Buffer): PreviewFrame | NodeTextFrame | FrameFault {
  if (frame.length < 8) return "malformed";
  const event = frame.readUInt32BE(0);
  const second = frame.readUInt32BE(4);
  if (event === 1) {
    const mimeType = second === 2 ? "image/png" : "image/jpeg";
    return { type: "preview", promptId: null, nodeId: null, mimeType, image: frame.subarray(8) };
  }
  if (event !== 3 && event !== 4) return "unknown";
  if (8 + second > frame.length) return "malformed";
  const head = frame.toString("utf8", 8, 8 + second);
  const rest = frame.subarray(8 + second);
  if (event === 3) return { type: "node-text", nodeId: head, text: rest.toString("utf8") };
  return decodePreviewWithMetadata(head, rest);
}

function decodePreviewWithMetadata(head: string, image: Buffer): PreviewFrame | FrameFault {
  let raw: unknown;
  try {
    raw = parseTolerantJson(head);
  } catch {
    return "malformed";
  }
  const parsed = metadataSchema.safeParse(raw);
  if (!parsed.success) return "malformed";
  const { prompt_id, node_id, display_node_id, image_type } = parsed.data;
  return {
    type: "preview",
    promptId: prompt_id ?? null,
    nodeId: display_node_id ?? node_id ?? null,
    mimeType: image_type,
    image,
  };
}
