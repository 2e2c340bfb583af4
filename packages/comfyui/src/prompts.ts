import { z } from "zod";
import type { CancelRoute } from "./cancel.ts";
import { ComfyProtocolError, PromptRejected } from "./errors.ts";
import { type HistoryEntry, parseHistoryEntry } from "./history.ts";
import type { HttpConnection } from "./http/http-connection.ts";
import type { ComfyTimeouts } from "./http/timeouts.ts";
import { parseNodeErrors, parseRefusal } from "./prompt-errors.ts";
import { parseTolerantJson } from "./tolerant-json.ts";

export interface SubmitInput {
  /** API format: node id → `{ class_type, inputs }`. */
  readonly graph: Readonly<Record<string, unknown>>;
  /** A lower-case hyphenated UUID that was never used before: ComfyUI runs a repeated id again. */
  readonly promptId: string;
  readonly extraData?: Readonly<Record<string, unknown>>;
}

export interface QueueState {
  readonly running: readonly string[];
  /** In the order in which they will run. */
  readonly pending: readonly string[];
}

/** Where a prompt is, by `/queue` and then `/history`. */
export type PromptLocation =
  | { readonly where: "running" }
  | { readonly where: "absent" }
  /** `isNext`: nothing runs, so the server should have begun it by now. */
  | { readonly where: "pending"; readonly isNext: boolean }
  | { readonly where: "ended"; readonly entry: HistoryEntry };

/** The calls about prompts. */
export interface Prompts {
  submit(input: SubmitInput): Promise<{ number: number }>;
  queue(): Promise<QueueState>;
  history(promptId: string): Promise<HistoryEntry | null>;
  /** `isOver`: its last frame was heard, so the history has it, and mostly nothing else need be asked. */
  locate(promptId: string, known?: { readonly isOver: boolean }): Promise<PromptLocation>;
  interrupt(promptId: string): Promise<void>;
  /**
   * Takes the prompt out of the queue or stops its run; never anybody else's. True if the server says that it does so,
   * false if it says that it holds no such prompt, null if it is too old to say: then look.
   */
  cancel(promptId: string): Promise<boolean | null>;
  deletePending(promptIds: readonly string[]): Promise<void>;
}

const acceptedSchema = z.looseObject({
  prompt_id: z.string(),
  number: z.number(),
  node_errors: z.unknown().optional(),
});

const itemSchema = z.tuple([z.number(), z.string()]).rest(z.unknown());
const queueSchema = z.looseObject({ queue_running: z.array(itemSchema), queue_pending: z.array(itemSchema) });

const idOf = (item: z.infer<typeof itemSchema>): string => item[1];

export function createPrompts(
  http: HttpConnection,
  clientId: string,
  timeouts: ComfyTimeouts,
  cancelRoute: CancelRoute,
): Prompts {
  async function post(path: string, body: unknown, timeoutMs = timeouts.statusMs): Promise<void> {
    const answer = await http.text({
      method: "POST",
      path,
      body: JSON.stringify(body),
      contentType: "application/json",
      timeoutMs,
    });
    if (answer.status !== 200) throw new ComfyProtocolError(`POST ${path} answered ${answer.status}`, answer.status);
  }

  async function submit({ graph, promptId, extraData }: SubmitInput): Promise<{ number: number }> {
    const answer = await http.text({
      method: "POST",
      path: "/prompt",
      body: withDigits({
        prompt: graph,
        client_id: clientId,
        prompt_id: promptId,
        ...(extraData === undefined ? {} : { extra_data: extraData }),
      }),
      contentType: "application/json",
      timeoutMs: timeouts.submitMs,
    });
    const body = parseBody(answer.body);
    if (answer.status === 400) {
      const refusal = parseRefusal(body);
      if (refusal !== null) throw refusal;
    }
    if (answer.status !== 200) throw new ComfyProtocolError(`POST /prompt answered ${answer.status}`, answer.status);
    const accepted = acceptedSchema.safeParse(body);
    if (!accepted.success) throw new ComfyProtocolError("POST /prompt answered something unknown", 200);
    if (accepted.data.prompt_id !== promptId) throw new ComfyProtocolError("the server chose another prompt id", 200);
    const nodeErrors = parseNodeErrors(accepted.data.node_errors);
    if (nodeErrors.length > 0) {
      // Only the valid outputs would run. Half a job is none: take it back, wherever it is by now. If that fails, the
      // refusal is still what there is to say; whoever reads `wasAccepted` looks after the rest.
      await cancel(promptId).catch(() => undefined);
      throw new PromptRejected("prompt_outputs_failed_validation", "Some outputs failed validation", "", nodeErrors, {
        wasAccepted: true,
      });
    }
    return { number: accepted.data.number };
  }

  async function queue(): Promise<QueueState> {
    const raw = await http.json({ method: "GET", path: "/queue", timeoutMs: timeouts.statusMs });
    const parsed = queueSchema.safeParse(raw);
    if (!parsed.success) throw new ComfyProtocolError("GET /queue answered something unknown", 200);
    // Pending comes in heap order. The server runs by number, then by id.
    const pending = [...parsed.data.queue_pending].sort(
      (a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0),
    );
    return { running: parsed.data.queue_running.map(idOf), pending: pending.map(idOf) };
  }

  async function history(promptId: string): Promise<HistoryEntry | null> {
    const path = `/history/${encodeURIComponent(promptId)}`;
    const raw = await http.json({ method: "GET", path, timeoutMs: timeouts.statusMs });
    if (typeof raw !== "object" || raw === null || !(promptId in raw)) return null;
    const entry = parseHistoryEntry(promptId, (raw as Record<string, unknown>)[promptId]);
    if (entry === null) throw new ComfyProtocolError(`GET ${path} answered something unknown`, 200);
    return entry;
  }

  /** Queue first, then history: asked the other way round, a prompt that ends in between is seen in neither. */
  async function locate(promptId: string, { isOver } = { isOver: false }): Promise<PromptLocation> {
    const over = isOver ? await history(promptId) : null;
    if (over !== null) return { where: "ended", entry: over };
    const { running, pending } = await queue();
    if (running.includes(promptId)) return { where: "running" };
    if (pending.includes(promptId)) return { where: "pending", isNext: running.length === 0 };
    const entry = await history(promptId);
    return entry === null ? { where: "absent" } : { where: "ended", entry };
  }

  // Always with an id: without one the server stops whatever runs, anybody's.
  const interrupt = (promptId: string): Promise<void> => post("/interrupt", { prompt_id: promptId });

  async function deletePending(promptIds: readonly string[]): Promise<void> {
    if (promptIds.length > 0) await post("/queue", { delete: promptIds });
  }

  async function cancel(promptId: string): Promise<boolean | null> {
    const answer = await cancelRoute.ask(promptId);
    if (answer !== null) return answer;
    // In this order: it may begin to run in between, and an interrupt by id does nothing to one that waits.
    await deletePending([promptId]);
    await interrupt(promptId);
    return null;
  }

  return { submit, queue, history, locate, interrupt, cancel, deletePending };
}

/** JSON in which a whole number that was given by its digits (`{ $integer }`) is that number. */
function withDigits(body: unknown): string {
  return JSON.stringify(body).replace(/\{"\$integer":"(-?\d+)"\}/g, "$1");
}

function parseBody(text: string): unknown {
  try {
    return parseTolerantJson(text);
  } catch {
    return null;
  }
}
