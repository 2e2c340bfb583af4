import type { Engine, Pace } from "./engine/engine.ts";
import { type FaultInput, faultSchema } from "./faults/fault.ts";
import type { ActiveFault } from "./faults/faults.ts";
import type { LedgerEntry } from "./prompts/ledger.ts";
import type { SimulatedVersion } from "./protocol/dialect.ts";
import type { Models, Site } from "./site/site.ts";
import type { Sockets } from "./transport/sockets.ts";

/** What a test or an operator may do to a running simulator, and what ComfyUI itself offers nobody. */
export interface SimulatorControl {
  readonly version: SimulatedVersion;
  pace(): Pace;
  setPace(pace: Partial<Pace>): void;
  models(): Models;
  /** As if files came or went on the server's disk: the next prompt and the next `/object_info` see it. */
  setModels(models: Models): void;
  /** Every prompt ever accepted: who sent it, how often it ran, how it ended. */
  ledger(): LedgerEntry[];
  /** Resolves when a prompt of this id, sent already or not, ends next. */
  whenEnded(promptId: string): Promise<void>;
  /** Cuts every socket without a closing frame. */
  dropSockets(): void;
  /** While true it answers and begins nothing, as ComfyUI does when its worker thread has died (recording 19). */
  wedge(isWedged: boolean): void;
  faults(): ActiveFault[];
  /** Throws a ZodError for a shape that is none. Returns the fault's id. */
  addFault(fault: FaultInput): string;
  /** Nothing happens if there is none of this id. */
  liftFault(id: string): void;
  liftFaults(): void;
}

export interface ControlParts {
  readonly site: Site;
  /** Changed in place: the engine reads it before each wait. */
  readonly pace: Pace;
  readonly setModels: (models: Models) => void;
  readonly engine: Engine;
  readonly sockets: Sockets;
}

export function createControl({ site, pace, setModels, engine, sockets }: ControlParts): SimulatorControl {
  return {
    version: site.dialect.version,
    pace: () => ({ ...pace }),
    setPace: (changes) => void Object.assign(pace, changes),
    models: () => site.models,
    setModels,
    ledger: () => engine.ledger.list(),
    whenEnded: (promptId) => engine.whenEnded(promptId),
    dropSockets: () => sockets.terminateAll(),
    wedge: (isWedged) => engine.queue.wedge(isWedged),
    faults: () => site.faults.list(),
    addFault(given) {
      const { id, fault } = site.faults.add(faultSchema.parse(given));
      // Done at once and over: there is no state that a list of active faults could show.
      if (fault.kind === "zombieSocket") {
        sockets.forgetAll();
        site.faults.lift(id);
      }
      return id;
    },
    liftFault: (id) => void site.faults.lift(id),
    liftFaults: () => site.faults.liftAll(),
  };
}
