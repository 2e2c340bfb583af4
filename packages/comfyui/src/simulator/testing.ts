import { randomUUID } from "node:crypto";
import type { Graph } from "./graph.ts";
import type { HistoryRecord } from "./history.ts";
import type { Simulator } from "./simulator.ts";

/** An ended prompt as `/history` shows it. */
export interface Ended {
  readonly promptId: string;
  readonly outputs: HistoryRecord["outputs"];
  readonly status: { readonly status_str: string; readonly messages: HistoryRecord["messages"] };
}

/** Runs a graph over HTTP alone and waits for its end. Throws if it is refused. */
export async function runGraph({ url, control }: Simulator, graph: Graph, clientId?: string): Promise<Ended> {
  const promptId = randomUUID();
  const ended = control.whenEnded(promptId);
  const response = await fetch(`${url}/prompt`, {
    method: "POST",
    body: JSON.stringify({ prompt: graph, prompt_id: promptId, client_id: clientId }),
  });
  if (response.status !== 200) throw new Error(`refused: ${await response.text()}`);
  await ended;
  const history = (await (await fetch(`${url}/history/${promptId}`)).json()) as Record<string, Omit<Ended, "promptId">>;
  const entry = history[promptId];
  if (entry === undefined) throw new Error("an ended prompt has no history");
  return { promptId, ...entry };
}
