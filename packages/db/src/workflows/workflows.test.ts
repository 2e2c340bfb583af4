import { expect, inject, onTestFinished, test } from "vitest";
import { setup } from "../testing/setup.ts";
import { setWorkflowArchived } from "./save-workflow.ts";
import { seedWorkflows } from "./seed-workflows.ts";
import { workflowBy } from "./workflows.ts";

test("what a version defines is read once, what may change of it each time it is asked for", async () => {
  const { database, workflow, drop } = await setup(inject("postgresUrl"));
  onTestFinished(drop);
  const idOrSlug = workflow.definition.slug;
  const first = await workflowBy(database, { idOrSlug });
  if (first === null) throw new Error("it was seeded");
  await setWorkflowArchived(database, { workflowId: first.workflowId, archived: true });
  const archived = await workflowBy(database, { idOrSlug: first.workflowId });
  expect(archived).toEqual({ ...first, archivedAt: expect.any(String) });
  expect(archived?.definition).toBe(first.definition);

  await seedWorkflows(database, [{ ...first.definition, name: "Another" }]);
  expect(await workflowBy(database, { idOrSlug })).toMatchObject({ version: 2, definition: { name: "Another" } });
  const before = await workflowBy(database, { idOrSlug, version: 1 });
  expect(before).toMatchObject({ version: 1, currentVersion: 2 });
  expect(before?.definition).toBe(first.definition);
});
