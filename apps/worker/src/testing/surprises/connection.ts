import { KNOWN_AT_ONCE_MS, type Surprise, toTheEnd } from "./surprise.ts";
import { afterComfy, running } from "./watch.ts";

/** What happens to the socket between a worker and its backend. */
export const connectionSurprises: readonly Surprise[] = [
  {
    name: "a second socket of the same client came and went: ours is open, answers pings and is deaf",
    shownBy: "08",
    stepMs: 100,
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      const jobId = await running(bench, start, 20);
      const [row] = await bench.database.sql<{ clientId: string }[]>`SELECT client_id AS "clientId" FROM dispatches`;
      const rival = new WebSocket(`${bench.comfyUrl.replace("http", "ws")}/ws?clientId=${row?.clientId}`);
      await new Promise((resolve) => rival.addEventListener("open", resolve));
      rival.close();
      return await afterComfy(bench, jobId);
    },
  },
  {
    name: "the connection drops in the middle of a run",
    shownBy: "09",
    isShownElsewhere: true,
    stepMs: 60,
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      const jobId = await running(bench, start, 12);
      bench.comfy.cutSockets();
      return await afterComfy(bench, jobId);
    },
  },
  {
    name: "no socket is to be had at all",
    shownBy: "comfyui-api#186",
    isShownElsewhere: true,
    stepMs: 60,
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      bench.comfy.cutSockets({ refuse: true });
      start();
      return await afterComfy(bench, await bench.submit({ steps: 12 }));
    },
  },
];
