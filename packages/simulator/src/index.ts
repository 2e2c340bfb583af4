export { type Clock, createVirtualClock, realClock, type VirtualClock } from "./clock.ts";
export { type SimulatedVersion, simulatedVersions } from "./dialect.ts";
export type { Pace } from "./engine.ts";
export type { Fault, FaultInput, FaultKind } from "./faults/fault.ts";
export type { ActiveFault } from "./faults/faults.ts";
export type { LedgerEntry, LedgerOutcome } from "./ledger.ts";
export {
  createSimulator,
  type Simulator,
  type SimulatorControl,
  type SimulatorOptions,
  simulatorModels,
} from "./simulator.ts";
export type { Models } from "./site.ts";
