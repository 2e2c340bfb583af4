import { expect, test } from "vitest";
import { setup } from "../testing/setup.ts";

test("operators read what each used in a period, which begins with the month unless they say otherwise", async () => {
  const api = await setup();
  const { usage } = api.as(await api.account("operator"));
  const today = new Date().toISOString().slice(0, 10);
  expect(await usage.list()).toEqual({ from: `${today.slice(0, 7)}-01`, to: today, items: [], nextCursor: null });
  expect(await usage.list({ to: "2026-03-09" })).toMatchObject({ from: "2026-03-01", to: "2026-03-09" });
  await expect(usage.list({ from: "2026-03-10", to: "2026-03-09" })).rejects.toMatchObject({
    cause: { code: "INPUT_INVALID", fields: [{ path: "from", message: "must not be after 2026-03-09, the last day" }] },
  });
  await expect(usage.list({ from: "yesterday" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(api.as(await api.account()).usage.list()).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("who keeps as much as may be kept submits nothing, alone or in a batch, and is told so by a dry run", async () => {
  const api = await setup({ limits: { storedBytesPerOwner: 10 } });
  const principal = await api.account();
  const owner = api.as(principal);
  await api.database.sql`INSERT INTO stored_files (owner_id, files, bytes) VALUES (${principal.ownerId}, 1, 10)`;
  const job = { workflow: "picture", inputs: { prompt: "one" } };
  const refusal = {
    cause: { code: "QUOTA_EXCEEDED", message: expect.stringContaining("Remove some, then submit again.") },
  };
  await expect(owner.job.submit(job)).rejects.toMatchObject(refusal);
  await expect(owner.job.submit({ ...job, dryRun: true })).rejects.toMatchObject(refusal);
  await expect(owner.job.submitBatch({ items: [job] })).rejects.toMatchObject(refusal);
  expect(await owner.account.usage()).toMatchObject({ storedBytes: { used: 10, most: 10 } });
});
