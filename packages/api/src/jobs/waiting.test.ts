import { newId } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { backendWith, idOf, setup } from "../testing/setup.ts";

test("operators see who waits in the order in which they come, and put a job before all others", async () => {
  const api = await setup();
  await backendWith(api, ["elsewhere.safetensors"]);
  const [one, two, operator] = [await api.account(), await api.account(), await api.account("operator")];
  await api.as(one).session.rename({ displayName: "Ada" });
  const submit = async (who: typeof one) =>
    idOf(await api.as(who).job.submit({ workflow: "picture", inputs: { prompt: "p" } }));
  const [a, b] = [await submit(one), await submit(one)];
  const c = await submit(two);
  const order = async () => (await api.as(operator).queue.waiting()).items.map(({ jobId }) => jobId);
  expect(await order()).toEqual([a, c, b]);
  expect((await api.as(operator).queue.waiting({ limit: 1 })).items).toMatchObject([
    { jobId: a, ownerId: one.ownerId, ownerName: "Ada", workflow: { slug: "picture" }, position: 0, dueAt: null },
  ]);
  expect(await api.as(operator).queue.promote({ jobId: b })).toEqual({ jobId: b, position: 0 });
  expect((await order())[0]).toBe(b);
  await expect(api.as(operator).queue.promote({ jobId: newId() })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(api.as(one).queue.promote({ jobId: b })).rejects.toMatchObject({ code: "FORBIDDEN" });
});
