import type { JobView, Output } from "@darkroom/contracts";
import { expect, it } from "vitest";
import { picturesOf, placeOf, slideOf } from "./pictures.ts";

const output = (outputId: string, changes: Partial<Output> = {}): Output => ({
  ...{
    outputId,
    jobId: "j",
    kind: "image",
    mimeType: "image/png",
    url: `/api/outputs/${outputId}`,
    thumbnailUrl: null,
  },
  ...{ width: 512, height: 256, sizeBytes: 1, seed: 1, favorite: false },
  ...changes,
});
const job = (...outputs: Output[]) =>
  ({ outputs, inputs: { prompt: "a fox" }, workflow: { name: "w" } }) as unknown as JobView;

it("lists what is seen at once, in the jobs' order", () => {
  const jobs = [job(output("a"), output("b", { kind: "audio" })), job(), job(output("c", { kind: "video" }))];
  expect(picturesOf(jobs).map((picture) => picture.output.outputId)).toEqual(["a", "c"]);
});

it.each([
  { open: "b", wasAt: 0, place: 1, why: "where it is now, also after others came before it" },
  { open: "gone", wasAt: 1, place: 1, why: "the one that took its place, once it is gone" },
  { open: "gone", wasAt: 9, place: 2, why: "the last, if it was beyond the end" },
])("opens $why", ({ open, wasAt, place }) => {
  expect(placeOf(picturesOf([job(output("a"), output("b"), output("c"))]), open, wasAt)).toBe(place);
});

it("has nothing to open in an empty list", () => {
  expect(placeOf([], "a", 0)).toBe(-1);
});

it("loads a copy of a large picture for the screen, and the picture itself to zoom in", () => {
  const [large, small, film] = picturesOf([
    job(
      output("a", { width: 3072, height: 1536 }),
      output("b"),
      output("c", { kind: "video", mimeType: "video/webm" }),
    ),
  ]).map(slideOf);
  expect(large).toMatchObject({
    srcSet: [
      { width: 1536, height: 768, src: expect.stringContaining("width=1536") },
      { width: 3072, src: "/api/outputs/a" },
    ],
  });
  expect(small).not.toHaveProperty("srcSet");
  expect(film).toEqual({ type: "video", src: "/api/outputs/c", alt: "a fox", mimeType: "video/webm" });
});
