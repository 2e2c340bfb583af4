import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ParameterView, WorkflowDetail } from "@darkroom/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { workflowTypes } from "./workflow-types.ts";

const workflow = (parameters: readonly ParameterView[]): WorkflowDetail => ({
  workflowId: "01900000-0000-7000-8000-000000000001",
  ...{ slug: "portrait", name: "Portrait */", description: "", version: 3 },
  ...{ published: true, archived: false, timeoutSeconds: null, lacks: [], parameters },
});
const prompt: ParameterView = { kind: "text", name: "prompt", label: "Prompt", required: true };
const steps: ParameterView = { kind: "integer", name: "steps", label: "Steps", required: false, min: 1, max: 50 };
const sampler: ParameterView = { kind: "choice", name: "sampler", label: "S", required: false, choices: ["euler", 2] };

/** A service that submits in two places. */
const callers = `import { createDarkroomClient } from "@darkroom/client";
const client = createDarkroomClient({ url: "http://localhost:3000", apiKey: "dk_" });
export const first = client.submit({ workflow: "portrait", inputs: { prompt: "a face", steps: 8, sampler: 2 } });
export const second = client.generateAndWait({
  workflow: "portrait",
  inputs: { prompt: "another", steps: 4, image: { uploadId: "x" } },
});
export const fine = client.submit({ workflow: "portrait", inputs: { prompt: "a third", sampler: "euler" } });
export const other = client.submit({ workflow: "one-of-tomorrow", inputs: { anything: 1 } });
`;

const api = `export type AppRouter = never;
export type FeedData = never;
export type CancelAnswer = never;
export interface SubmitInput {
  readonly workflow: string;
  readonly inputs: Record<string, unknown>;
  readonly idempotencyKey?: string;
  readonly dryRun?: boolean;
}`;

let folder: string;
beforeAll(async () => {
  // In the package, so that it finds what the package does.
  folder = await mkdtemp(join(import.meta.dirname, "../../.types-"));
  await writeFile(join(folder, "callers.ts"), callers);
  // The client without the router's types, which are no part of this and take seconds to check.
  await writeFile(join(folder, "api.d.ts"), api);
  const compilerOptions = { paths: { "@darkroom/api": ["./api.d.ts"] } };
  const files = ["callers.ts", "workflows.d.ts"];
  const config = { extends: "../../../tooling/tsconfig.node.json", compilerOptions, files };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The lines of the callers that do not compile with these parameters. */
async function faults(parameters: readonly ParameterView[]): Promise<string[]> {
  await writeFile(join(folder, "workflows.d.ts"), workflowTypes([workflow(parameters)]));
  const tsc = join(import.meta.dirname, "../../node_modules/.bin/tsc");
  const { stdout } = spawnSync(tsc, ["--noEmit", "--pretty", "false", "-p", folder], { encoding: "utf8" });
  return [...stdout.matchAll(/callers\.ts\((\d+),.*?error/g)].map(([, line = ""]) => line);
}

test("a parameter that is renamed or taken away fails the type check of each caller, and of nobody else", async () => {
  // `steps` has another name, and `image` is gone.
  expect(await faults([prompt, { ...steps, name: "count" }, sampler])).toEqual(["3", "6"]);
}, 120_000);
