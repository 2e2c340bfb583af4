export type { SimulatorControl } from "./control.ts";
export type { Pace } from "./engine/engine.ts";
export type { Fault, FaultInput, FaultKind } from "./faults/fault.ts";
export type { ActiveFault } from "./faults/faults.ts";
export type { LedgerEntry, LedgerOutcome } from "./prompts/ledger.ts";
export { type SimulatedVersion, simulatedVersions } from "./protocol/dialect.ts";
export {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
  simulatorModels,
} from "./simulator.ts";
export { type Clock, createVirtualClock, realClock, type VirtualClock } from "./site/clock.ts";
export type { Models } from "./site/site.ts";
