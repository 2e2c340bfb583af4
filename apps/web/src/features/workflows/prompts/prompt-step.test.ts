import { expect, it } from "vitest";
import { type PromptPlace, stepPrompt } from "./prompt-step.ts";

const prompts = ["newest", "older", "oldest"];
const start: PromptPlace = { at: null, draft: "" };

it.each<[string, PromptPlace, string, boolean, string | null]>([
  ["the newest first", start, "half a thought", true, "newest"],
  ["then the one before", { at: 0, draft: "half a thought" }, "newest", true, "older"],
  ["nothing beyond the oldest", { at: 2, draft: "" }, "oldest", true, null],
  ["back to a newer one", { at: 2, draft: "" }, "oldest", false, "older"],
  ["back to what was being written", { at: 0, draft: "half a thought" }, "newest", false, "half a thought"],
  ["nothing after that", start, "half a thought", false, null],
  ["not the same again, where the newest is still there", start, "newest", true, "older"],
  ["from a recalled one that was changed, the newest", { at: 1, draft: "" }, "older, at night", true, "newest"],
])("%s", (_, place, text, isOlder, expected) => {
  expect(stepPrompt(prompts, place, { text, isOlder })?.text ?? null).toBe(expected);
});

it("keeps what was being written through any number of steps", () => {
  const first = stepPrompt(prompts, start, { text: "draft", isOlder: true });
  const second = stepPrompt(prompts, first?.place ?? start, { text: "newest", isOlder: true });
  expect(second?.place).toEqual({ at: 1, draft: "draft" });
});
