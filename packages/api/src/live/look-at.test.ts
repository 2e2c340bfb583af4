import { expect, test } from "vitest";
import { idOf, setup } from "../testing/setup.ts";

test("those who look at a job see each other, until they go or say nothing for a while; nobody else is told", async () => {
  const api = await setup();
  const guest = api.guest();
  const owner = api.as(guest);
  const jobId = idOf(await owner.job.submit({ workflow: "picture", inputs: { prompt: "a red cube" } }));
  const role = await api.account("operator");
  const operator = api.as(role);
  expect(await owner.job.look({ jobId })).toEqual({ others: [] });
  await owner.session.rename({ displayName: "Ada" });
  expect(await operator.job.look({ jobId })).toEqual({
    others: [{ ownerId: guest.ownerId, displayName: "Ada", isOwner: true }],
  });
  const seen = { others: [{ ownerId: role.ownerId, displayName: null, isOwner: false }] };
  expect(await owner.job.look({ jobId })).toEqual(seen);
  await expect(api.as(api.guest()).job.look({ jobId })).rejects.toThrow("There is no such job");
  expect(await owner.job.look({ jobId })).toEqual(seen);

  // Whoever leaves a job that is gone, or was never theirs, is told nothing, and no error.
  expect(await api.as(api.guest()).job.look({ jobId, looks: false })).toEqual({ others: [] });

  await operator.job.look({ jobId, looks: false });
  expect(await owner.job.look({ jobId })).toEqual({ others: [] });
  // Whoever was there and is heard of no more is gone within five seconds.
  await operator.job.look({ jobId });
  expect(await owner.job.look({ jobId })).toEqual(seen);
  await expect.poll(() => owner.job.look({ jobId }), { timeout: 5000, interval: 200 }).toEqual({ others: [] });
});
