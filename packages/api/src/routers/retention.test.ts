import { expect, test } from "vitest";
import { finish, idOf, setup } from "../testing/setup.ts";

test("operators try rules, set them and read who did; trying them changes nothing", async () => {
  const api = await setup();
  const operator = await api.account("operator");
  const { retention } = api.as(operator);
  const owner = api.as(await api.account());
  for (const prompt of ["one", "two"]) {
    await finish(api, idOf(await owner.job.submit({ workflow: "picture", inputs: { prompt } })));
  }
  const none = { days: null, perOwner: null };
  expect(await retention.preview()).toMatchObject({
    rules: { jobs: none, outputs: none, uploads: { days: 30 }, events: { days: 30 } },
    most: { jobs: null, uploads: 30, events: 30 },
    changedAt: null,
    losses: [{ kind: "jobs", rows: 0 }, { kind: "outputs" }, { kind: "uploads" }, { kind: "events", rows: 0 }],
  });
  const tried = await retention.preview({ jobs: { perOwner: 1 } });
  expect(tried.losses[0]).toMatchObject({ kind: "jobs", rows: 1, hasMore: false, oldestAt: expect.any(String) });
  expect((await retention.preview()).rules.jobs).toEqual(none);

  const set = await retention.set({ jobs: { perOwner: 1 }, uploads: { days: 7 } });
  expect(set).toMatchObject({ rules: { jobs: { perOwner: 1 }, uploads: { days: 7 } } });
  expect(set.changedBy).toMatchObject({ ownerId: operator.ownerId });
  expect(await retention.set({ previews: { seconds: 30 } })).toMatchObject({ previews: { seconds: 30 } });
  expect(await retention.preview({ previews: { seconds: null } })).toMatchObject({ previews: { seconds: 120 } });
  await expect(retention.set({ previews: { seconds: 121 } })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  expect((await retention.set({ uploads: { days: null } })).rules).toMatchObject({
    jobs: { perOwner: 1 },
    uploads: { days: 30 },
  });
  const { items } = await api.as(await api.account("admin")).audit.list();
  expect(items.map(({ action }) => action)).toEqual(Array(4).fill("retention.set"));
  expect(items.at(-2)).toMatchObject({ action: "retention.set", input: { previews: { seconds: 30 } }, refused: null });
  await expect(owner.retention.preview()).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("nothing is kept for longer than the settings say", async () => {
  const api = await setup();
  const operator = await api.account("operator");
  const days = { jobs: 60, outputs: null, uploads: 30, events: 30 };
  const { retention } = api.as(operator, { retentionDays: days });
  for (const call of [retention.set, retention.preview]) {
    await expect(call({ jobs: { days: 61 }, uploads: { days: 30 }, events: { days: 31 } })).rejects.toMatchObject({
      cause: {
        code: "INPUT_INVALID",
        fields: [
          { path: "jobs.days", message: "must be at most 60, as the setting HISTORY_DAYS says" },
          { path: "events.days", message: "must be at most 30" },
        ],
      },
    });
  }
  expect((await retention.preview({ jobs: { days: null } })).rules.jobs).toEqual({ days: 60, perOwner: null });
  await expect(retention.set({ events: { perOwner: 99 } })).rejects.toMatchObject({ code: "BAD_REQUEST" });
});
