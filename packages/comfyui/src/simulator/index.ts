export type { Pace } from "./engine.ts";
export type { LedgerEntry, LedgerOutcome } from "./ledger.ts";
export type { Models } from "./nodes/node-type.ts";
export {
  createSimulator,
  type Simulator,
  type SimulatorControl,
  type SimulatorOptions,
  simulatorModels,
} from "./simulator.ts";
