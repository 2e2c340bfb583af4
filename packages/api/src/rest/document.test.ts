import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CONTRACT_VERSION } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { doors } from "../access/doors.ts";
import type { WorkflowDetail } from "../answers/index.ts";
import { definition } from "../testing/setup.ts";
import { breakingChanges, type Document } from "./breaking-changes.ts";
import { openApiDocument } from "./document.ts";
import { operations } from "./operations.ts";

const workflow: WorkflowDetail = {
  workflowId: "01900000-0000-7000-8000-000000000001",
  ...{ slug: "picture", name: "Picture", description: "A picture.", version: 1 },
  ...{ published: true, archived: false, parameters: definition.parameters, timeoutSeconds: null, lacks: [] },
};
const document = openApiDocument([workflow]);
const snapshot = join(import.meta.dirname, "openapi.snap");

test("nothing that programs rely on is refused, missing or of another kind while the contract's first number stays", async () => {
  const before = JSON.parse(readFileSync(snapshot, "utf8")) as Document & { info: { version: string } };
  const major = (version: string) => version.split(".")[0];
  // With `vitest -u` too: what breaks programs is accepted only together with the number that says so.
  if (major(before.info.version) === major(CONTRACT_VERSION)) expect(breakingChanges(before, document)).toEqual([]);
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(snapshot);
});

test("every procedure that is not for operators alone has a verb and a path", () => {
  const isPublic = ([door, { role }]: [string, { role: string }]) =>
    !door.includes(" ") && ["public", "guest", "member"].includes(role);
  const procedures = Object.entries(doors)
    .filter(isPublic)
    .map(([door]) => door);
  const subscriptions = ["job.onEvent", "job.onFeed", "system.onNotice"];
  const reached = [...operations.map(({ procedure }) => procedure), ...subscriptions];
  expect(procedures.filter((procedure) => !reached.includes(procedure as never))).toEqual([]);
});

test("every reference leads somewhere, and every operation has a name of its own", () => {
  const text = JSON.stringify(document);
  const lost = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)]
    .map(([, path = ""]) => path.split("/"))
    .filter(
      (path) => path.reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document) === undefined,
    );
  expect(lost).toEqual([]);
  const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a workflow's inputs are a schema of their own", () => {
  const { schemas } = document.components;
  expect(schemas["Inputs.picture"]).toMatchObject({
    required: ["prompt"],
    properties: { steps: { type: "integer", minimum: 1, maximum: 50, default: 4 } },
    additionalProperties: false,
  });
  expect(schemas.Submit).toMatchObject({
    anyOf: [{ $ref: "#/components/schemas/Submit.picture" }, { $ref: "#/components/schemas/SubmitAny" }],
  });
});
