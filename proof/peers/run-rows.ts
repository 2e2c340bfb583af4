import { randomUUID } from "node:crypto";
import { compileGraph, type Graph } from "@darkroom/contracts";
import { picture } from "../../apps/worker/src/testing/workflows.ts";
import { percentile } from "../../scripts/bench/percentile.ts";
import type { Contender, Contest } from "./contest.ts";
import type { Row } from "./row.ts";
import { openRunStage, type Ran } from "./run-stage.ts";

// What a job costs beyond its run: the same graph through Darkroom, and sent to ComfyUI and fetched from it by hand.

/** Another text each time, so that ComfyUI's cache has nothing of it. */
const inputs = () => ({ prompt: randomUUID(), steps: 1 });

/** One job at a time with nothing else to do: from its submit until its picture is read. That it is over comes after. */
export const idle: Row = async (servers, _peers, scale) => {
  const stage = await openRunStage(servers);
  const direct = await openDirect(stage.comfyUrl);
  const count = Math.max(2, 20 * scale);
  const times = async <Got>(run: () => Promise<Got>, rest: (got: Got) => Promise<unknown>): Promise<number[]> => {
    const taken: number[] = [];
    while (taken.length < count) {
      const startedAt = performance.now();
      const got = await run();
      taken.push(performance.now() - startedAt);
      await rest(got);
    }
    return taken;
  };
  const ours = async (): Promise<string> => {
    const [jobId = ""] = await stage.submit([inputs()]);
    const created = await stage.event(jobId, "output.created");
    if (created.type === "output.created") await stage.read(created.output.outputId);
    return jobId;
  };
  const over = (jobId: string) => stage.event(jobId, "job.succeeded");
  const contest = (share: number): Contest => ({
    name: `one job with nothing else to do, p${100 * share}`,
    unit: "ms",
    contenders: [
      { name: "ours", play: async () => percentile(await times(ours, over), share) },
      {
        name: "a floor written by hand",
        play: async () => percentile(await times(direct.run, async () => undefined), share),
      },
    ],
  });
  return {
    contests: [contest(0.5), contest(0.95)],
    close: async () => {
      direct.close();
      await stage.close();
    },
  };
};

/** Many short jobs that wait: how long ComfyUI stands still between two of them, and how much of the time it works. */
export const backlog: Row = async (servers, _peers, scale) => {
  const stage = await openRunStage(servers);
  const direct = await openDirect(stage.comfyUrl);
  const count = Math.max(5, 100 * scale);
  const given = () => Array.from({ length: count }, inputs);
  const playing = (
    name: string,
    figureOf: (runs: readonly Ran[]) => number,
    send: () => Promise<unknown>,
  ): Contender => ({
    name,
    play: async () => {
      const before = (await stage.ran()).length;
      await send();
      const runs = (await stage.ran()).slice(before);
      if (runs.length !== count) throw new Error(`${runs.length} prompts ran for ${count} jobs`);
      return figureOf(runs);
    },
  });
  const ours = async (): Promise<void> => {
    const jobIds = await stage.submit(given());
    await Promise.all(jobIds.map((jobId) => stage.event(jobId, "job.succeeded")));
  };
  const byHand = (): Promise<unknown> => Promise.all(given().map(direct.run));
  const contest = (name: string, unit: Contest["unit"], figureOf: (runs: readonly Ran[]) => number): Contest => ({
    ...{ name: `a backlog of jobs of a moment: ${name}`, unit },
    contenders: [playing("ours", figureOf, ours), playing("a floor written by hand", figureOf, byHand)],
  });
  return {
    contests: [
      contest("gap between two runs, p50", "ms", medianGap),
      contest("ComfyUI works", "of the time", busyShare),
    ],
    close: async () => {
      direct.close();
      await stage.close();
    },
  };
};

const timesOf = (runs: readonly Ran[]): { from: number; to: number }[] =>
  runs.map(({ startedAt, endedAt }) => ({ from: startedAt ?? 0, to: endedAt ?? 0 })).sort((a, b) => a.from - b.from);

function medianGap(runs: readonly Ran[]): number {
  const times = timesOf(runs);
  return percentile(
    times.slice(1).map(({ from }, index) => from - (times[index]?.to ?? from)),
    0.5,
  );
}

function busyShare(runs: readonly Ran[]): number {
  const times = timesOf(runs);
  const busy = times.reduce((sum, { from, to }) => sum + to - from, 0);
  return busy / ((times.at(-1)?.to ?? 0) - (times[0]?.from ?? 0));
}

/** A client of ComfyUI as somebody would write it for one script: a socket, a POST, the history, the file. */
async function openDirect(
  comfyUrl: string,
): Promise<{ run(given?: ReturnType<typeof inputs>): Promise<void>; close(): void }> {
  const clientId = randomUUID();
  const socket = new WebSocket(`${comfyUrl.replace("http", "ws")}/ws?clientId=${clientId}`);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });
  const ends = new Map<string, () => void>();
  socket.addEventListener("message", ({ data }) => {
    if (typeof data !== "string") return;
    const frame = JSON.parse(data) as { type: string; data: { node?: string | null; prompt_id?: string } };
    if (frame.type === "executing" && frame.data.node === null) ends.get(frame.data.prompt_id ?? "")?.();
  });
  return {
    async run(given = inputs()) {
      const graph: Graph = compileGraph(picture, { ...given, size: 64, count: 1 }, {});
      const promptId = randomUUID();
      const ended = new Promise<void>((resolve) => ends.set(promptId, resolve));
      await fetch(`${comfyUrl}/prompt`, {
        method: "POST",
        body: JSON.stringify({ prompt: graph, client_id: clientId, prompt_id: promptId }),
      });
      await ended;
      const history = (await (await fetch(`${comfyUrl}/history/${promptId}`)).json()) as History;
      const [image] = Object.values(history[promptId]?.outputs ?? {}).flatMap(({ images = [] }) => images);
      if (image === undefined) throw new Error("the prompt made no picture");
      await (await fetch(`${comfyUrl}/view?${new URLSearchParams(image)}`)).arrayBuffer();
    },
    close: () => socket.close(),
  };
}

interface History {
  readonly [promptId: string]:
    | { readonly outputs: Record<string, { images?: { filename: string; subfolder: string; type: string }[] }> }
    | undefined;
}
