import type { Site } from "../site/site.ts";
import type { NodePlace, Sockets } from "../transport/sockets.ts";

interface NodeProgress {
  value: number;
  max: number;
  state: "running" | "finished";
  readonly node_id: string;
  readonly prompt_id: string;
  readonly display_node_id: string;
  readonly parent_node_id: string | null;
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

export interface ProgressOptions {
  readonly promptId: string;
  readonly clientId: string | null;
  readonly sockets: Sockets;
  readonly site: Site;
  readonly speed: () => number;
  readonly placeOf: (id: string) => NodePlace;
}

export function createProgress({ promptId, clientId, sockets, site, speed, placeOf }: ProgressOptions): Progress {
  const { clock, dialect } = site;
  const nodes: Record<string, NodeProgress> = {};
  const lastSent = new Map<string, number>();

  function entry(id: string): NodeProgress {
    const { display, parent, real } = placeOf(id);
    nodes[id] ??= {
      value: 0,
      max: 1,
      state: "running",
      node_id: id,
      prompt_id: promptId,
      display_node_id: display,
      parent_node_id: parent,
      real_node_id: real,
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
      const due = last === undefined || clock.monotonic() - last >= dialect.throttleMs / speed();
      if (preview === undefined && !due && value < max) return;
      lastSent.set(id, clock.monotonic());
      Object.assign(entry(id), { value, max });
      send();
      const frame = preview === undefined ? null : { ...preview, ...placeOf(id), nodeId: id, promptId };
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
