import { expect, it } from "vitest";
import type { ComfyEvent } from "./events.ts";
import { createSubscriptions } from "./subscriptions.ts";

const start: ComfyEvent = { type: "start" };
const runs: ComfyEvent = { type: "progress-state", nodes: [] };
const preview: ComfyEvent = { type: "preview", node: null, mimeType: "image/jpeg", image: Buffer.of() };

type Heard = readonly [promptId: "a" | "b" | "everyone", event: ComfyEvent];

/** Whether a preview that names no prompt finds its way after these events. */
function finds(before: readonly Heard[]): boolean {
  const subscriptions = createSubscriptions();
  for (const promptId of ["a", "b"]) subscriptions.subscribe(promptId);
  for (const [promptId, event] of before) {
    if (promptId === "everyone") subscriptions.broadcast(event);
    else subscriptions.deliver({ promptId, event });
  }
  return subscriptions.deliver({ promptId: null, event: preview });
}

it.each<[string, readonly Heard[], boolean]>([
  ["before any of ours runs, to nobody", [], false],
  ["to the only one of ours that runs", [["a", start]], true],
  ["to one that was begun before we listened", [["a", runs]], true],
  [
    "while two seem to run, to nobody",
    [
      ["a", start],
      ["b", start],
    ],
    false,
  ],
  [
    "after the one ended, to the other",
    [
      ["a", start],
      ["a", { type: "end" }],
      ["b", start],
    ],
    true,
  ],
  [
    "after a cut line, to nobody until something shows who runs",
    [
      ["a", start],
      ["everyone", { type: "disconnected" }],
    ],
    false,
  ],
  [
    "and then to that one",
    [
      ["a", start],
      ["everyone", { type: "disconnected" }],
      ["b", runs],
    ],
    true,
  ],
])("a preview that names no prompt goes, %s", (_, before, isTaken) => expect(finds(before)).toBe(isTaken));
