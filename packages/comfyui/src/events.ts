import type { PromptFailure } from "./errors.ts";
import type { Frame, TextFrame } from "./messages.ts";
import { parseFailure } from "./prompt-errors.ts";

export interface NodeState {
  readonly node: string;
  /** The node as the user placed it; differs inside an expanded subgraph. */
  readonly displayNode: string;
  readonly value: number;
  readonly max: number;
  readonly state: "running" | "finished" | string;
}

/** What happened to one prompt, or to the connection it is watched through. */
export type ComfyEvent =
  | { readonly type: "start" }
  | { readonly type: "cached"; readonly nodes: readonly string[] }
  | { readonly type: "node"; readonly node: string; readonly displayNode: string }
  | { readonly type: "progress-state"; readonly nodes: readonly NodeState[] }
  | { readonly type: "progress"; readonly node: string | null; readonly value: number; readonly max: number }
  | { readonly type: "preview"; readonly node: string | null; readonly mimeType: string; readonly image: Buffer }
  | { readonly type: "executed"; readonly node: string; readonly displayNode: string; readonly output: unknown }
  | { readonly type: "success" }
  /** Final only if not `blocked`: a blocked output is reported as an error, yet the run goes on and succeeds. */
  | { readonly type: "error"; readonly failure: PromptFailure; readonly blocked: boolean }
  | { readonly type: "interrupted"; readonly node: string | null }
  /** The last frame of every outcome; says nothing about success. By now the history has the entry. */
  | { readonly type: "end" }
  | { readonly type: "connected" }
  /** Frames may be missed from here on: decide by `locate`. */
  | { readonly type: "disconnected" }
  /** The server's running and waiting prompts, of everybody. */
  | { readonly type: "queue-remaining"; readonly remaining: number };

export interface AddressedEvent {
  /** Null: for every prompt, or for whichever one this is about. */
  readonly promptId: string | null;
  readonly event: ComfyEvent;
}

/** A frame as an event with its address, or null if it concerns no prompt. */
export function liftFrame(frame: Frame): AddressedEvent | null {
  if (frame.type === "node-text") return null;
  if (frame.type === "preview") {
    const { promptId, nodeId: node, mimeType, image } = frame;
    return { promptId, event: { type: "preview", node, mimeType, image } };
  }
  return liftTextFrame(frame);
}

function liftTextFrame(frame: TextFrame): AddressedEvent | null {
  switch (frame.type) {
    case "status": {
      const remaining = frame.data.status.exec_info.queue_remaining;
      return { promptId: null, event: { type: "queue-remaining", remaining } };
    }
    case "feature_flags":
      return null;
    case "execution_start":
      return { promptId: frame.data.prompt_id, event: { type: "start" } };
    case "execution_cached":
      return { promptId: frame.data.prompt_id, event: { type: "cached", nodes: frame.data.nodes } };
    case "executing":
      return liftExecuting(frame.data);
    case "progress_state":
      return { promptId: frame.data.prompt_id, event: { type: "progress-state", nodes: liftStates(frame.data.nodes) } };
    case "progress": {
      const { prompt_id, node, value, max } = frame.data;
      if (prompt_id === undefined) return null;
      return { promptId: prompt_id, event: { type: "progress", node: node ?? null, value: value ?? 0, max: max ?? 1 } };
    }
    case "executed": {
      const { prompt_id, node, display_node, output } = frame.data;
      return { promptId: prompt_id, event: { type: "executed", node, displayNode: display_node ?? node, output } };
    }
    case "execution_success":
      return { promptId: frame.data.prompt_id, event: { type: "success" } };
    case "execution_error": {
      const failure = parseFailure(frame.data);
      const blocked = failure.exceptionType === "ExecutionBlocked";
      return { promptId: frame.data.prompt_id, event: { type: "error", failure, blocked } };
    }
    case "execution_interrupted":
      return { promptId: frame.data.prompt_id, event: { type: "interrupted", node: frame.data.node_id ?? null } };
  }
}

function liftExecuting(data: Extract<TextFrame, { type: "executing" }>["data"]): AddressedEvent | null {
  // After a reconnect the server names the running node without its prompt; nothing can be concluded from that.
  if (data.prompt_id === undefined) return null;
  if (data.node === null) return { promptId: data.prompt_id, event: { type: "end" } };
  return {
    promptId: data.prompt_id,
    event: { type: "node", node: data.node, displayNode: data.display_node ?? data.node },
  };
}

function liftStates(nodes: Extract<TextFrame, { type: "progress_state" }>["data"]["nodes"]): NodeState[] {
  return Object.entries(nodes).map(([node, state]) => ({
    node,
    displayNode: state.display_node_id ?? node,
    value: state.value ?? 0,
    max: state.max ?? 1,
    state: state.state,
  }));
}
