import { randomUUID } from "node:crypto";
import type { HistoryRecord } from "../prompts/history.ts";
import type { Graph } from "../protocol/graph.ts";
import type { Simulator } from "../simulator.ts";

/** An ended prompt as `/history` shows it. */
export interface Ended {
  readonly promptId: string;
  readonly outputs: HistoryRecord["outputs"];
  readonly status: { readonly status_str: string; readonly messages: HistoryRecord["messages"] };
}

/** Sends a graph over HTTP alone; `ended` follows, unless the prompt never ends. Throws if it is refused. */
export async function submitGraph(
  { url, control }: Simulator,
  graph: Graph,
  clientId?: string,
  promptId: string = randomUUID(),
): Promise<{ promptId: string; ended: Promise<Ended> }> {
  const ended = control.whenEnded(promptId).then(async () => {
    const response = await fetch(`${url}/history/${promptId}`);
    const history = (await response.json()) as Record<string, Omit<Ended, "promptId">>;
    const entry = history[promptId];
    if (entry === undefined) throw new Error("an ended prompt has no history");
    return { promptId, ...entry };
  });
  // A caller that never awaits `ended` must not end the process with an unhandled rejection.
  ended.catch(() => {});
  const response = await fetch(`${url}/prompt`, {
    method: "POST",
    body: JSON.stringify({ prompt: graph, prompt_id: promptId, client_id: clientId }),
  });
  if (response.status !== 200) throw new Error(`refused: ${await response.text()}`);
  return { promptId, ended };
}

/** Runs a graph and waits for its end. Throws if it is refused. */
export async function runGraph(simulator: Simulator, graph: Graph, clientId?: string): Promise<Ended> {
  return (await submitGraph(simulator, graph, clientId)).ended;
}
