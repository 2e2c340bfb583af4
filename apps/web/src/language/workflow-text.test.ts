import { afterEach, expect, it } from "vitest";
import { catalogues } from "./catalogues.ts";
import { speak } from "./spoken.ts";
import { toldForm } from "./workflow-text.ts";

afterEach(() => speak(catalogues.en));

const labels = (slug: string, ...given: readonly string[]): readonly string[] =>
  toldForm({ slug, name: "Steps", description: "", parameters: given.map((label) => ({ label })) }).parameters.map(
    ({ label }) => label,
  );

it("an imported workflow's labels are in the page's language where the import made them, and else as their author wrote them", () => {
  speak(catalogues.de);
  expect(labels("mine", "Negative prompt", "LoRA strength 2", "Grain of the film")).toEqual([
    ...["Negativer Prompt", "Stärke der LoRA 2", "Grain of the film"],
  ]);
  expect(toldForm({ slug: "mine", name: "Steps", description: "", parameters: [] }).name).toBe("Steps");
});

it("a page in English says every label as it is", () => {
  expect(labels("mine", "Negative prompt", "Steps 2")).toEqual(["Negative prompt", "Steps 2"]);
});
