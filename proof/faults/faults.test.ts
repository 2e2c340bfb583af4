import { afterAll, describe, expect, inject, test } from "vitest";
import { createGuard } from "../../scripts/processes/guard.ts";
import { raceCancels } from "./cancel-races.ts";
import { tellingCases } from "./cases.ts";
import { createLane, type Lane } from "./lane.ts";
import { nameOf, runCase } from "./run-case.ts";

// The short form of `pnpm test:faults`: the cases that stand for a whole row of the fault table each.

const guard = createGuard();
const made: Lane[] = [];
const free: Lane[] = [];

/** A lane that nobody uses. Cases mostly wait for leases, so as many run at once as vitest starts. */
async function withLane<T>(use: (lane: Lane) => Promise<T>): Promise<T> {
  let lane = free.pop();
  if (lane === undefined) {
    lane = await createLane(inject("postgresUrl"), guard);
    made.push(lane);
  }
  const answer = await use(lane);
  free.push(lane);
  return answer;
}

afterAll(async () => {
  await Promise.all(made.map((lane) => lane.close()));
  await guard.close();
});

/** A case that is stuck ends by its own patience, which knows the machine's pace, and then shows what its processes printed. */
const STUCK_MS = 600_000;

describe("every job ends once, and ComfyUI runs it once, whatever becomes of a process", () => {
  test.concurrent.each(tellingCases.map((one) => ({ name: nameOf(one), one })))(
    "$name",
    { timeout: STUCK_MS },
    async ({ one }) => {
      const { faults, log } = await withLane((lane) => runCase(lane, one));
      expect(faults, log).toEqual([]);
    },
  );
});

test("a cancel at any time ends its job once and touches no other", { timeout: 120_000 }, async () => {
  const { faults, canceled } = await withLane((lane) => raceCancels(lane, { jobs: 100, seed: 7 }));
  expect(faults).toEqual([]);
  expect(Object.keys(canceled)).toContain("canceled");
});
