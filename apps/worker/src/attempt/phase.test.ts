import { expect, test } from "vitest";
import { advancePhase, type Phase } from "./phase.ts";

const phases: Phase[] = ["unsent", "waiting", "running", "over", "void"];
const legal = new Set(["unsent → waiting", "waiting → running", "waiting → over", "waiting → void", "running → over"]);

test.each(phases.flatMap((from) => phases.map((to) => [from, to] as const)))("%s → %s", (from, to) => {
  if (legal.has(`${from} → ${to}`)) expect(advancePhase(from, to)).toBe(to);
  else expect(() => advancePhase(from, to)).toThrow(`a prompt does not go from ${from} to ${to}`);
});
