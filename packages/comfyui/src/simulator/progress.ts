import type { Sockets } from "./sockets.ts";

interface NodeProgress {
  value: number;
  max: number;
  state: "running" | "finished";
  readonly node_id: string;
  readonly prompt_id: string;
  readonly display_node_id: string;
  readonly parent_node_id: null;
  readonly real_node_id: string;
}

/** The progress of one run's nodes. Goes to the prompt's client; to everyone if it has none. */
export interface Progress {
  start(id: string): void;
  update(id: string, value: number, max: number, preview: Preview | undefined): void;
  finish(id: string): void;
}

interface Preview {
  readonly image: Buffer;
  readonly mimeType: "image/jpeg" | "image/png";
}

// A progress bar without a picture speaks at most this often, but always of its first and last step.
const throttleMs = 100;

export function createProgress(
  promptId: string,
  clientId: string | null,
  sockets: Sockets,
  speed: () => number,
): Progress {
  const nodes: Record<string, NodeProgress> = {};
  const lastSent = new Map<string, number>();

  function entry(id: string): NodeProgress {
    nodes[id] ??= {
      value: 0,
      max: 1,
      state: "running",
      node_id: id,
      prompt_id: promptId,
      display_node_id: id,
      parent_node_id: null,
      real_node_id: id,
    };
    return nodes[id];
  }

  function send(): void {
    sockets.send("progress_state", { prompt_id: promptId, nodes }, clientId);
  }

  return {
    start(id) {
      entry(id);
      send();
    },
    update(id, value, max, preview) {
      const last = lastSent.get(id);
      const due = last === undefined || performance.now() - last >= throttleMs / speed();
      if (preview === undefined && !due && value < max) return;
      lastSent.set(id, performance.now());
      Object.assign(entry(id), { value, max });
      send();
      const frame = preview === undefined ? null : { ...preview, nodeId: id, promptId };
      const withMetadata = sockets.hasMetadata(clientId);
      if (frame !== null && withMetadata) sockets.sendPreview(frame, clientId);
      sockets.send("progress", { value, max, prompt_id: promptId, node: id }, clientId);
      if (frame !== null && !withMetadata) sockets.sendPreview(frame, clientId);
    },
    finish(id) {
      const node = entry(id);
      node.value = node.max;
      node.state = "finished";
      send();
    },
  };
}
