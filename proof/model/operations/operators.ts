import { setBackendDraining, setPaused } from "@darkroom/db";
import { backendIds, choose } from "../world.ts";
import { operation, type Plan } from "./operation.ts";

// What operators do.

export const pause: Plan = (world, [a]) => {
  const paused = a % 3 === 0;
  return operation({
    label: paused ? "pause" : "resume",
    run: () => setPaused(world.stores.database, paused),
    expect: (state) => {
      state.isPaused = paused;
    },
    predictable: () => undefined,
  });
};

export const drain: Plan = (world, [a, b]) => {
  const backendId = choose(backendIds, a) ?? "b1";
  const draining = b % 3 === 0;
  return operation({
    label: `${draining ? "drain" : "resume"} ${backendId}`,
    run: () => setBackendDraining(world.stores.database, { backendId, draining }),
    expect: (state) => state.drain(backendId, draining),
    predictable: (answer) => answer,
  });
};
