import { z } from "zod";

const path = z
  .string()
  .startsWith("/")
  .optional()
  .describe("only paths that begin so, as ComfyUI names them without /api; unset: all");
const times = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe("goes by itself after so many; unset: stays until it is lifted");
const once = z.number().int().min(1).default(1).describe("goes by itself after so many");
const ms = z.number().int().min(1).max(3_600_000).describe("milliseconds");
const status = z.number().int().min(400).max(599).describe("an HTTP status, 400 to 599");
const promptId = z.string().optional().describe("only this prompt; unset: whichever comes");
const node = z
  .string()
  .min(1)
  .optional()
  .describe("a node's id or class; unset: the first that runs, or with `step` that steps");
const step = z.number().int().min(1).optional().describe("in that step of the node; unset: as it begins");
const interruptible = z.boolean().default(false).describe("an interrupt ends it");
const atOnce = z.boolean().default(false).describe("waits for no node");
const afterFrames = z.number().int().min(0).describe("frames that it still gets");
const how = z.enum(["corrupt", "truncated", "empty"]).describe("what is wrong with the file");
const bytesPerSecond = z.number().int().min(1).describe("of each download");
const afterBytes = z.number().int().min(0).describe("bytes that still come");
const place = { promptId, node, step };

/** What can go wrong on demand. The descriptions are what an operator reads. */
export const faultSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("refuse"), forMs: ms })
    .describe("closes its port and every connection, this control endpoint too, and opens it again after `forMs`"),
  z.strictObject({ kind: z.literal("delay"), ms, path, times }).describe("answers so much later"),
  z
    .strictObject({ kind: z.literal("hang"), path, times })
    .describe("accepts requests and never answers them; lifting it cuts those connections"),
  z
    .strictObject({ kind: z.literal("fail"), status, path, times })
    .describe("answers with this status and does nothing"),
  z
    .strictObject({ kind: z.literal("stall"), ...place, times: once, interruptible })
    .describe("the node stops for good, deaf to interrupts unless `interruptible`; lifting it lets the node go on"),
  z
    .strictObject({ kind: z.literal("outOfMemory"), ...place, times: once })
    .describe("the node fails as PyTorch does when the memory of the device is used up"),
  z
    .strictObject({
      kind: z.literal("exception"),
      ...place,
      times: once,
      type: z.string().min(1).default("RuntimeError").describe("the Python name of the exception"),
      message: z.string().default("simulated failure").describe("what it says"),
    })
    .describe("the node fails with this exception"),
  z
    .strictObject({ kind: z.literal("kill"), ...place, atOnce })
    .describe("the process ends without a word, as under SIGKILL: as the node begins, in that step, or at once"),
  z
    .strictObject({ kind: z.literal("silentSocket") })
    .describe("sockets open and answer pings, and nothing is sent on any of them"),
  z
    .strictObject({ kind: z.literal("zombieSocket") })
    .describe("every open socket is forgotten as if a newer one had closed: it pongs and gets nothing more"),
  z
    .strictObject({ kind: z.literal("dropSocket"), afterFrames, times: once })
    .describe("a socket is cut without a closing frame after it got so many more"),
  z
    .strictObject({ kind: z.literal("badOutput"), how, times: once })
    .describe("a file is saved with noise in it, half of it, or with nothing in it"),
  z
    .strictObject({ kind: z.literal("slowDownload"), bytesPerSecond, times })
    .describe("/view sends no faster than this"),
  z
    .strictObject({ kind: z.literal("cutDownload"), afterBytes, times: once })
    .describe("/view cuts the connection after so many bytes of the body"),
  z
    .strictObject({ kind: z.literal("loseHistory"), times })
    .describe("what has ended is forgotten, and so is what ends from now on"),
  z
    .strictObject({ kind: z.literal("deadWorker") })
    .describe("prompts are accepted and none begins, as after the death of ComfyUI's worker thread"),
]);

export type Fault = z.infer<typeof faultSchema>;
/** As one writes it: what has a default may be left out. */
export type FaultInput = z.input<typeof faultSchema>;
export type FaultKind = Fault["kind"];
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

/** A kind as it is offered to people. */
export interface FaultKindView {
  readonly kind: FaultKind;
  readonly about: string;
  /** What it takes, by name, as JSON Schema. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The fields that it cannot do without. */
  readonly required: readonly string[];
}

/** Every kind, for who offers them to people. */
export function listFaultKinds(): FaultKindView[] {
  return faultSchema.options.map((option) => {
    const { properties, required = [] } = z.toJSONSchema(option, { io: "input" });
    const { kind: _kind, ...fields } = properties ?? {};
    return {
      kind: option.shape.kind.value,
      about: option.description ?? "",
      fields,
      required: required.filter((name) => name !== "kind"),
    };
  });
}
