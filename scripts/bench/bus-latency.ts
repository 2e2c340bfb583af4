import { once } from "node:events";
import type { Redis } from "@darkroom/queue";

const CHANNEL = "darkroom-bench";
/** As long as a durable event. */
const MESSAGE = "x".repeat(298);

/** Milliseconds from publishing in Redis until a subscriber has it, of each of `messages`, one after the other. */
export async function busLatency(redis: Redis, messages: number): Promise<number[]> {
  const ear = redis.duplicate({ enableOfflineQueue: true });
  try {
    await ear.subscribe(CHANNEL);
    const latencies: number[] = [];
    for (let sent = 0; sent < messages; sent += 1) {
      const heard = once(ear, "message");
      const sentAt = performance.now();
      await Promise.all([redis.publish(CHANNEL, MESSAGE), heard]);
      latencies.push(performance.now() - sentAt);
    }
    return latencies;
  } finally {
    ear.disconnect();
  }
}
