import { expect, it } from "vitest";
import { choiceName, matchingChoices } from "./matching-choices.ts";

const models = [
  "sd_xl_base_1.0.safetensors",
  "anime/flat-style.safetensors",
  "flux1-dev.safetensors",
  "flux/inpaint_xl.ckpt",
  7,
];

it.each([
  { text: "", found: models },
  { text: "   ", found: models },
  { text: "flux", found: ["flux1-dev.safetensors", "flux/inpaint_xl.ckpt"] },
  { text: "XL", found: ["sd_xl_base_1.0.safetensors", "flux/inpaint_xl.ckpt"] },
  { text: "xl flux", found: ["flux/inpaint_xl.ckpt"] },
  { text: "in", found: ["flux/inpaint_xl.ckpt"] },
  { text: "fl", found: ["anime/flat-style.safetensors", "flux1-dev.safetensors", "flux/inpaint_xl.ckpt"] },
  { text: "7", found: [7] },
  { text: "nothing", found: [] },
])("finds by “$text” what has each of its words, own names first", ({ text, found }) => {
  expect(matchingChoices(models, text)).toEqual(found);
});

it("names a model without the ending of its file", () => {
  expect(models.map(choiceName)).toEqual(["sd_xl_base_1.0", "anime/flat-style", "flux1-dev", "flux/inpaint_xl", "7"]);
});
