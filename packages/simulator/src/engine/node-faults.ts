import type { FaultOf } from "../faults/fault.ts";
import type { Faults } from "../faults/faults.ts";
import { NodeFailure, outOfMemory } from "../nodes/node-type.ts";

/** The server was killed while this ran. */
export class Killed extends Error {}

/** A node as it begins, or, with `step`, in that step of it. */
export interface NodeMoment {
  readonly promptId: string;
  readonly id: string;
  readonly classType: string;
  readonly step?: number | undefined;
}

export interface NodeFaultParts {
  readonly faults: Faults;
  /** Ends the process. */
  readonly kill: () => void;
  /** Waits for the end of a fault, or of the server; with `interruptible` for an interrupt too. */
  readonly untilLifted: (lifted: Promise<void>, interruptible: boolean) => Promise<void>;
}

/**
 * Lets the faults strike that wait for this moment of this node.
 *
 * @throws Killed if the process is to end, NodeFailure if the node is to fail
 */
export async function sufferNodeFaults(
  moment: NodeMoment,
  { faults, kill, untilLifted }: NodeFaultParts,
): Promise<void> {
  const fits = (fault: FaultOf<"stall" | "outOfMemory" | "exception" | "kill">): boolean =>
    (fault.promptId === undefined || fault.promptId === moment.promptId) &&
    (fault.node === undefined || fault.node === moment.id || fault.node === moment.classType) &&
    fault.step === moment.step;
  if (faults.strike("kill", fits) !== null) {
    kill();
    throw new Killed();
  }
  const stall = faults.strike("stall", fits);
  if (stall !== null) await untilLifted(stall.lifted, stall.fault.interruptible);
  if (faults.strike("outOfMemory", fits) !== null) throw outOfMemory("Allocation on device ");
  const exception = faults.strike("exception", fits);
  if (exception !== null) throw new NodeFailure(exception.fault.type, exception.fault.message);
}
