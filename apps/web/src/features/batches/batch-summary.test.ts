import { afterEach, expect, it } from "vitest";
import { spokenGerman } from "../../language/de/index.ts";
import { speak } from "../../language/spoken.ts";
import { summaryOf, summaryText } from "./batch-summary.ts";

afterEach(() => speak({ language: "en", catalogue: {} }));

const jobs = (["succeeded", "succeeded", "running", "queued", "failed"] as const).map((state, nth) => ({
  jobId: String(nth),
  state,
  retryOf: null,
}));
const summary = summaryOf(jobs, [{ inputs: {} }]);

it("a batch says how many of its pictures stand where", () => {
  expect(summaryText(summary)).toBe("6 pictures: 2 done, 1 running, 1 waiting, 1 failed, 1 not sent yet");
  expect(summaryText(summaryOf(jobs.slice(0, 1), []))).toBe("1 picture: 1 done");
});

it("a batch says so in German, with the verb of one and of several", () => {
  speak(spokenGerman);
  expect(summaryText(summary)).toMatch(/^6 Bilder: 2 fertig, 1 läuft, /);
  expect(summaryText({ ...summary, running: 2 })).toMatch(/^6 Bilder: 2 fertig, 2 laufen, /);
});
