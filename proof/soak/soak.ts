import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { createDarkroomClient, type SubmitInput } from "@darkroom/client";
import { launchProduct } from "../../scripts/testing/launch-product.ts";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import { signUp } from "../../scripts/testing/sign-up.ts";
import { type Sample, takeSample } from "./sample.ts";

export interface SoakReport {
  /** Jobs that were asked for, and how they ended. */
  readonly ended: ReadonlyMap<string, number>;
  /** What went wrong with a caller, in its words. */
  readonly errors: readonly string[];
  readonly samples: readonly Sample[];
}

/** Each keeps a job under way, one after another: more than a backend runs at once, so that some always wait. */
const CALLERS = 6;
const OWNERS = 3;

/** The whole product under a steady load for `ms`, looked at `samples` times in equal steps, every `liveEvery`th time after a collection. */
export async function soak(options: {
  readonly ms: number;
  readonly samples: number;
  readonly liveEvery: number;
  readonly onSample?: (sample: Sample, done: number) => void;
}): Promise<SoakReport> {
  const sockets = await makeFolder("soak-sockets");
  const { address, pid, redis, stop } = await launchProduct("soak", {
    env: {
      NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, "tell-memory.ts"))}`,
      SOAK_SOCKETS: sockets,
    },
  });
  try {
    const keys = await Promise.all(Array.from({ length: OWNERS }, () => signUp(address)));
    const look = (isLive: boolean) => takeSample(pid, redis, isLive ? sockets : null);
    return await load(address, keys, look, options);
  } finally {
    await stop();
    await rm(sockets, { recursive: true, force: true });
  }
}

async function load(
  address: string,
  keys: readonly string[],
  look: (isLive: boolean) => Promise<Sample>,
  { ms, samples: wanted, liveEvery, onSample }: Parameters<typeof soak>[0],
): Promise<SoakReport> {
  const clients = keys.map((apiKey) => createDarkroomClient({ url: address, apiKey }));
  const endsAt = performance.now() + ms;
  const ended = new Map<string, number>();
  const errors: string[] = [];
  let count = 0;
  const caller = async (index: number): Promise<void> => {
    const client = clients[index % clients.length];
    while (client !== undefined && performance.now() < endsAt) {
      try {
        const { state } = await client.generateAndWait(nextJob(count++));
        ended.set(state, (ended.get(state) ?? 0) + 1);
      } catch (error) {
        errors.push(String(error));
      }
    }
  };
  const callers = Promise.all(Array.from({ length: CALLERS }, (_, index) => caller(index)));
  const samples: Sample[] = [];
  while (samples.length < wanted) {
    await sleep(ms / wanted);
    const sample = await look((samples.length + 1) % liveEvery === 0);
    samples.push(sample);
    onSample?.(
      sample,
      [...ended.values()].reduce((sum, each) => sum + each, 0),
    );
  }
  await callers;
  await Promise.all(clients.map((client) => client.close()));
  return { ended, errors, samples };
}

/** Small pictures of two workflows, none like another, so that nothing comes from ComfyUI's cache. */
function nextJob(index: number): Pick<SubmitInput, "workflow" | "inputs"> {
  const side = 64 + 8 * (index % 5);
  if (index % 3 > 0) return { workflow: "test-card", inputs: { width: side, height: 64 + 8 * (index % 7) } };
  return {
    workflow: "text-to-image",
    inputs: { prompt: `soak ${index}`, width: side, height: 64, steps: 2, seed: index },
  };
}
