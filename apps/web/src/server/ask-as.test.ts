import { createTestApi } from "@darkroom/api/testing";
import { expect, inject, onTestFinished, test } from "vitest";
import { askAs } from "./ask-as.ts";

test("a page waits for one outage and not for one after another, and for refusals of another kind not at all", async () => {
  const api = await createTestApi({ postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") });
  onTestFinished(() => api.close());
  const visitor = api.guest();
  let asked = 0;
  const enter = async () => {
    asked += 1;
    return () => undefined;
  };
  const ask = askAs(
    { principal: visitor } as Parameters<typeof askAs>[0],
    { request: {}, response: { once: () => undefined }, requestId: "a click" } as unknown as Parameters<
      typeof askAs
    >[1],
    { createContext: () => api.context(visitor, { enter }) } as unknown as Parameters<typeof askAs>[2],
  );
  await expect(ask("job.byId", { jobId: "none" })).rejects.toThrow();
  expect(await ask("job.list", {})).toMatchObject({ items: [] });
  await api.database.close();
  await expect(ask("job.list", {})).rejects.toThrow("not available");
  const before = asked;
  await expect(ask("workflow.list", {})).rejects.toThrow("not available");
  expect(asked).toBe(before);
});
