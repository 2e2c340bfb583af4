import { upsertBackend } from "@darkroom/db";
import { createSimulator } from "@darkroom/simulator";
import { expect, onTestFinished, test } from "vitest";
import { backendWith, setup } from "../testing/setup.ts";

test("an operator has a simulator fail and mends it, which is written down; nobody else may, and no real server can", async () => {
  const api = await setup();
  const simulator = await createSimulator();
  onTestFinished(() => simulator.close());
  const facts = { workerId: "w1", state: "up", version: "0.33.0", catalog: {}, catalogHash: "c" } as const;
  await upsertBackend(api.database, {
    ...facts,
    backendId: "s1",
    url: simulator.url,
    stats: { system: { os: "darkroom-simulator" } },
  });
  await backendWith(api, []);
  const operator = await api.account("operator");
  const { backend } = api.as(operator);

  const { kinds, active } = await backend.faults({ backendId: "s1" });
  expect(active).toEqual([]);
  expect(kinds.find(({ kind }) => kind === "badOutput")).toMatchObject({
    about: expect.stringContaining("noise"),
    fields: { how: { enum: ["corrupt", "truncated", "empty"] } },
    required: ["how"],
  });

  const set = await backend.setFaults({ backendId: "s1", faults: [{ kind: "outOfMemory", step: 2 }] });
  expect(set.active).toMatchObject([{ fault: { kind: "outOfMemory", step: 2, times: 1 }, struck: 0 }]);
  expect(simulator.control.faults()).toEqual(set.active);
  // Those that were set before are lifted.
  await backend.setFaults({ backendId: "s1", faults: [{ kind: "deadWorker" }] });
  expect(simulator.control.faults()).toMatchObject([{ fault: { kind: "deadWorker" } }]);
  expect(await backend.setFaults({ backendId: "s1", faults: [] })).toEqual({ backendId: "s1", active: [] });

  const refusals = [
    [{ kind: "earthquake" }, "kind", /^must be one of refuse, delay, /],
    [{ kind: "delay" }, "ms", /^is required$/],
    [{ kind: "delay", ms: 0 }, "ms", /^must be at least 1$/],
    [{ kind: "delay", ms: 1, path: "view" }, "path", /^must match /],
    [{ kind: "delay", ms: 1, step: 1 }, "step", /^is not known here$/],
  ] as const;
  for (const [fault, field, message] of refusals) {
    const fields = [{ path: `faults.1.${field}`, message: expect.stringMatching(message) }];
    const faults = [{ kind: "deadWorker" }, fault];
    await expect(backend.setFaults({ backendId: "s1", faults })).rejects.toMatchObject({ cause: { fields } });
  }
  expect(simulator.control.faults()).toEqual([]);

  const real = { backendId: "b1", faults: [] };
  await expect(backend.setFaults(real)).rejects.toMatchObject({
    cause: { fields: [{ path: "backendId", message: "is a real ComfyUI: only the simulator fails on demand" }] },
  });
  await expect(backend.faults({ backendId: "b2" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const member = api.as(await api.account());
  await expect(member.backend.setFaults({ backendId: "s1", faults: [] })).rejects.toMatchObject({ code: "FORBIDDEN" });

  // One that gives up its port cannot say so.
  const refuse = { backendId: "s1", faults: [{ kind: "refuse", forMs: 3_600_000 }] };
  expect(await backend.setFaults(refuse)).toEqual({ backendId: "s1", active: null });
  await expect(backend.faults({ backendId: "s1" })).rejects.toMatchObject({ cause: { code: "UNAVAILABLE" } });

  const { items } = await api.as(await api.account("admin")).audit.list();
  expect(items.map(({ action, refused }) => [action, refused])).toEqual([
    ["backend.setFaults", null],
    ["backend.setFaults", "INPUT_INVALID"],
    ...refusals.map(() => ["backend.setFaults", "INPUT_INVALID"]),
    ...Array(3).fill(["backend.setFaults", null]),
  ]);
  expect(items.at(-1)).toMatchObject({ ownerId: operator.ownerId, input: { faults: [{ kind: "outOfMemory" }] } });
});
