import { createDarkroomClient } from "@darkroom/client";
import type { Redis } from "@darkroom/queue";

export interface HundredJobs {
  readonly notified: number;
  readonly sockets: number;
  readonly connectionsBefore: number;
  /** The most that were seen while the jobs ran. */
  readonly connectionsDuring: number;
}

const connections = async (redis: Redis): Promise<number> =>
  String(await redis.client("LIST"))
    .trim()
    .split("\n").length;

const openSockets = async (address: string): Promise<number> => {
  const status = (await (await fetch(`${address}/api/ws/status`)).json()) as {
    connections: { totalConnections: number };
  };
  return status.connections.totalConnections;
};

/** Submits 100 jobs at once and waits for all of them over one client, counting Redis' connections meanwhile. */
export async function followHundredJobs(options: {
  readonly address: string;
  readonly apiKey: string;
  readonly redis: Redis;
}): Promise<HundredJobs> {
  const { address, apiKey, redis } = options;
  const darkroom = createDarkroomClient({ url: address, apiKey });
  const connectionsBefore = await connections(redis);
  let connectionsDuring = connectionsBefore;
  const count = setInterval(() => {
    void connections(redis).then((now) => {
      connectionsDuring = Math.max(connectionsDuring, now);
    });
  }, 50);
  try {
    const jobs = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        darkroom.submit({ workflow: "test-card", inputs: { width: 64 + 8 * index, height: 64 } }),
      ),
    );
    const ended = await Promise.all(jobs.map((job) => job.wait()));
    const sockets = await openSockets(address);
    const notified = ended.filter(({ state }) => state === "succeeded").length;
    return { notified, sockets, connectionsBefore, connectionsDuring };
  } finally {
    clearInterval(count);
    await darkroom.close();
  }
}
