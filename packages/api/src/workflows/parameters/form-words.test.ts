import type { NodeInfo } from "@darkroom/contracts";
import { describe, expect, test } from "vitest";
import { graphWith, node, placesOf, sample, suggestedOf } from "../check/test-graphs.ts";

// What a form asks of models that answer in words, and of choices that an author wrote.

describe("a form asks", () => {
  const seen = (more: object) => {
    const captioner = node("Captioner", { image: ["one", 0], seed: 3, ...more });
    const words = { captioner, one: node("LoadImage", { image: "a.png" }) };
    return placesOf(graphWith({ ...words, save: node("PreviewAny", { source: ["captioner", 0] }) }));
  };

  test("what a captioner is to do and say, and for words of its own only where its task takes some", () => {
    const { task, instruction } = seen({ preset_prompt: "Describe", custom_prompt: "" });
    expect([task, instruction]).toEqual(["captioner.preset_prompt", "captioner.custom_prompt"]);
    expect(seen({ task: "caption", text_input: "" }).instruction).toBeUndefined();
    expect(seen({ task: "find", text_input: "a dog" }).instruction).toBe("captioner.text_input");
  });

  test("for no prompt in what a captioner on the way to one is asked", () => {
    const captioner = node("Florence2Run", { task: "find", text_input: "a dog", image: ["one", 0] });
    const asked = placesOf(
      graphWith({
        ...{ captioner, one: node("LoadImage", { image: "a.png" }) },
        positive: node("CLIPTextEncode", { text: ["captioner", 2], clip: ["model", 1] }),
      }),
    );
    expect([asked.prompt, asked.instruction]).toEqual([undefined, "captioner.text_input"]);
  });

  test("for a choice among those that the author wrote into the node, in the role of the input that it goes to", () => {
    const inputs = { index: 0, option1: "euler", option2: "ddim", option3: "" };
    const info: NodeInfo = {
      CustomCombo: {
        ...{ title: "Custom Combo", module: "comfy_extras.nodes_logic", outputNode: false, outputs: ["STRING", "INT"] },
        inputs: { choice: { type: "COMBO", required: true, choices: [] } },
      },
    };
    const graph = graphWith({
      combo: node("CustomCombo", { choice: "ddim", ...inputs }),
      look: node("CustomCombo", { choice: "euler", ...inputs }, "Look"),
      tool: node("Grade", { mode: ["look", 1], images: ["sampler", 0] }),
      sampler: sample({ sampler_name: ["combo", 0] }),
      save: node("SaveImage", { filename_prefix: "x", images: ["tool", 0] }),
    });
    const asked = suggestedOf(graph, info).filter(({ classType }) => classType === "CustomCombo");
    expect(asked.map(({ parameter }) => parameter)).toMatchObject([
      { name: "value", label: "Look", kind: "choice", choices: ["euler", "ddim"], default: "euler" },
      { name: "sampler", label: "Sampler", kind: "choice", choices: ["euler", "ddim"], default: "ddim" },
    ]);
  });
});
