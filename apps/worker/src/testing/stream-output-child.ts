import { type ComfyFile, createComfyClient } from "@darkroom/comfyui";
import { createStorage } from "@darkroom/storage";
import { readEnv } from "../env.ts";
import { storeProduced } from "../run/collect-outputs.ts";

// The child of stream-output.ts: stores one output as a worker does, and says how much memory that took at most.

const env = readEnv();
const client = createComfyClient({ baseUrl: env.COMFYUI_URLS[0] ?? "" });
const storage = createStorage(env);
const store = async (filename: string) => {
  const file: ComfyFile = { nodeId: "1", filename, subfolder: "", type: "output", kind: "video" };
  const stored = await storeProduced({ type: "file", file }, { client, storage, adopted: false });
  if ("type" in stored) throw new Error(`${filename}: ${stored.type}`);
  return stored;
};
// What is loaded and kept the first time is no growth.
await store("small.mp4");
const before = process.memoryUsage.rss();
let peak = before;
const sample = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 5);
const stored = await store("large.mp4");
clearInterval(sample);
process.stdout.write(JSON.stringify({ sizeBytes: stored.sizeBytes, sha256: stored.sha256, grownBytes: peak - before }));
client.close();
