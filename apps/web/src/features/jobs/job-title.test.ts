import type { Output } from "@darkroom/contracts";
import { expect, it, onTestFinished } from "vitest";
import { spokenGerman } from "../../language/de/index.ts";
import { speak } from "../../language/spoken.ts";
import { downloadOf, fileNameOf, jobTitle, labelOf } from "./job-title.ts";

const workflow = { slug: "upscale", name: "Upscale" };

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

it("each of several outputs is downloaded under a name of its own", () => {
  const output = (outputId: string, mimeType: string): Output => ({
    ...{ outputId, jobId: "j", kind: "file", mimeType, url: `/api/outputs/${outputId}`, thumbnailUrl: null },
    ...{ width: null, height: null, sizeBytes: 1, seed: null, favorite: false },
  });
  const [film, sound] = [output("a", "video/webm"), output("b", "audio/ogg; codecs=opus")];
  const job = { inputs: { prompt: "a fox" }, seed: 7, workflow, outputs: [film, sound] };
  expect(downloadOf(job, sound)).toEqual({
    href: "/api/outputs/b?download=a-fox-7-2.opus",
    download: "a-fox-7-2.opus",
  });
  expect(downloadOf({ ...job, outputs: [film] }, film).download).toBe("a-fox-7.webm");
});

it("a job of a workflow that came with Darkroom is called in the language of the page, one of an author's own as they wrote it", () => {
  speak(spokenGerman);
  onTestFinished(() => speak({ language: "en", catalogue: {} }));
  expect(jobTitle({ inputs: {}, workflow })).toBe("Vergrößern");
  expect(jobTitle({ inputs: {}, workflow: { slug: "mine", name: "Upscale" } })).toBe("Upscale");
});

it("a parameter is called as in the forms, in the language of the page where that has a word for it", () => {
  const names = ["negativePrompt", "width", "cfg", "count", "length", "denoise", "textEncoder", "model3d", "myKnob"];
  expect(names.map(labelOf)).toEqual([
    ...["Negative prompt", "Width", "Guidance", "Pictures", "Frames", "Denoise", "Text encoder", "Model 3D", "My knob"],
  ]);
  speak(spokenGerman);
  onTestFinished(() => speak({ language: "en", catalogue: {} }));
  expect(names.map(labelOf)).toEqual([
    ...["Negativer Prompt", "Breite", "Guidance", "Bilder", "Einzelbilder", "Entrauschen", "Text-Encoder"],
    ...["Model 3D", "My knob"],
  ]);
});
