import { createDarkroomClient } from "@darkroom/client";

interface History {
  readonly [promptId: string]: { readonly outputs: Record<string, { images?: { filename: string }[] }> } | undefined;
}

/** Milliseconds from `POST /prompt` to the finished picture's name, calling ComfyUI's own API and socket. */
async function direct(simulatorUrl: string, graph: object): Promise<number> {
  const clientId = crypto.randomUUID();
  const socket = new WebSocket(`${simulatorUrl.replace("http", "ws")}/ws?clientId=${clientId}`);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });
  const ended = new Promise<void>((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") return;
      const frame = JSON.parse(data) as { type: string; data: { node?: string | null } };
      if (frame.type === "executing" && frame.data.node === null) resolve();
    });
  });
  const startedAt = performance.now();
  const answer = await fetch(`${simulatorUrl}/prompt`, {
    method: "POST",
    body: JSON.stringify({ prompt: graph, client_id: clientId }),
  });
  const { prompt_id: promptId } = (await answer.json()) as { prompt_id: string };
  await ended;
  const elapsed = performance.now() - startedAt;
  const history = (await (await fetch(`${simulatorUrl}/history/${promptId}`)).json()) as History;
  if (history[promptId] === undefined) throw new Error("the simulator did not finish the prompt");
  socket.close();
  return elapsed;
}

/** The test card as ComfyUI gets it, of a size that no earlier run has cached. */
const card = (size: number) => ({
  a: { class_type: "EmptyImage", inputs: { width: size, height: size, batch_size: 1, color: size } },
  b: { class_type: "SaveImage", inputs: { images: ["a", 0], filename_prefix: "bench" } },
});

/**
 * What Darkroom adds: the time from a submit to `job.succeeded` at the client, less the time of a prompt of the same kind
 * sent straight to the simulator, pair by pair and in turn.
 */
export async function compareWithSimulator(options: {
  readonly address: string;
  readonly apiKey: string;
  readonly simulatorUrl: string;
  readonly runs: number;
}): Promise<number[]> {
  const darkroom = createDarkroomClient({ url: options.address, apiKey: options.apiKey });
  const added: number[] = [];
  try {
    for (let run = 0; run <= options.runs; run++) {
      const size = 256 + 8 * run;
      const floor = await direct(options.simulatorUrl, card(size));
      const startedAt = performance.now();
      const job = await darkroom.submit({ workflow: "test-card", inputs: { width: size, height: size } });
      const { state } = await job.wait();
      if (state !== "succeeded") throw new Error(`a job ended as ${state}`);
      if (run > 0) added.push(performance.now() - startedAt - floor);
    }
  } finally {
    await darkroom.close();
  }
  return added;
}
