import { expect, it } from "vitest";
import { fileNameOf, jobTitle } from "./job-title.ts";

const workflow = { name: "Upscale" };

it("a job is called by its prompt, else by its workflow", () => {
  expect(jobTitle({ inputs: { prompt: "a fox" }, workflow })).toBe("a fox");
  expect(jobTitle({ inputs: {}, workflow })).toBe("Upscale");
});

it("a download is named by prompt and seed, in letters every file system takes", () => {
  expect(fileNameOf({ inputs: { prompt: "Café: ‘A fox’ / night!" }, seed: 7, workflow }, "image/png")).toBe(
    "cafe-a-fox-night-7.png",
  );
  expect(fileNameOf({ inputs: { prompt: "狐" }, seed: null, workflow }, "image/jpeg")).toBe("picture.jpg");
});
