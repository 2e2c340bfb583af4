import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { snippets } from "./code-snippets.ts";

const workflow = { workflowId: "w", slug: "text-to-image", name: "Text to image", version: 1 };
const inputs = { prompt: `it's a "fox" $HOME \`date\`\nin two lines`, steps: 4 };

it("asks for the same job, its seed included, whatever the prompt has in it", () => {
  const [curl, typescript, cli] = snippets({ workflow, inputs, seed: 7 }, "https://darkroom.example");
  // A shell reads the last argument as it was meant.
  const read = (text = "") =>
    JSON.parse(execFileSync("sh", ["-c", `last() { for a; do :; done; printf %s "$a"; }; last ${text}`]).toString());
  expect(read(curl?.text)).toEqual({ workflow: "text-to-image", inputs: { ...inputs, seed: 7 } });
  expect(read(cli?.text.replace(" --wait", ""))).toEqual({ ...inputs, seed: 7 });
  expect(typescript?.text).toContain('url: "https://darkroom.example"');
  expect(snippets({ workflow, inputs: { prompt: "a fox" }, seed: null }, "http://x")[2]?.text).toBe(
    `darkroom submit text-to-image --inputs '{"prompt":"a fox"}' --wait`,
  );
});
