import { connectionSurprises } from "./surprises/connection.ts";
import { fileSurprises } from "./surprises/files.ts";
import { frameSurprises } from "./surprises/frames.ts";
import { promptSurprises } from "./surprises/prompt.ts";
import { serverSurprises } from "./surprises/server.ts";
import { stopSurprises } from "./surprises/stop.ts";
import type { Surprise } from "./surprises/surprise.ts";

/** Everything unexpected that ComfyUI servers were seen to do; `docs/comfyui.md` says where each ends. */
export const surprises: readonly Surprise[] = [
  ...connectionSurprises,
  ...promptSurprises,
  ...frameSurprises,
  ...fileSurprises,
  ...serverSurprises,
  ...stopSurprises,
];
