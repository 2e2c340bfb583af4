import type { Fault, FaultKind, FaultOf } from "./fault.ts";

/** A fault that waits to happen, or happens. */
export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  /** How often it struck. */
  readonly struck: number;
}

/** A fault that struck: `lifted` ends when it is taken away, at once if its time is over. */
export interface Strike<Kind extends FaultKind> {
  readonly fault: FaultOf<Kind>;
  readonly lifted: Promise<void>;
}

/** The faults of one server. */
export interface Faults {
  add(fault: Fault): ActiveFault;
  /** False if there is none of this id. */
  lift(id: string): boolean;
  liftAll(): void;
  list(): ActiveFault[];
  /** Whether one of this kind is active; nothing is counted. */
  has(kind: FaultKind): boolean;
  /** The oldest active one of this kind that fits strikes; it goes once it struck as often as it may. */
  strike<Kind extends FaultKind>(kind: Kind, fits?: (fault: FaultOf<Kind>) => boolean): Strike<Kind> | null;
}

interface Entry {
  readonly id: string;
  readonly fault: Fault;
  struck: number;
  readonly lifted: Promise<void>;
  readonly lift: () => void;
}

/** `onChange` is told of each one that comes or goes. */
export function createFaults(onChange: (fault: Fault, isActive: boolean) => void): Faults {
  const entries = new Map<string, Entry>();
  /** Used up, but still felt: a node that stalled stays so until this is lifted. */
  const lingering = new Map<string, Entry>();
  let counter = 0;

  function remove(entry: Entry): void {
    entries.delete(entry.id);
    lingering.delete(entry.id);
    entry.lift();
    onChange(entry.fault, false);
  }

  return {
    add(fault) {
      counter += 1;
      const { promise: lifted, resolve: lift } = Promise.withResolvers<void>();
      const entry: Entry = { id: `fault-${counter}`, fault, struck: 0, lifted, lift };
      entries.set(entry.id, entry);
      onChange(fault, true);
      return view(entry);
    },
    lift(id) {
      const entry = entries.get(id) ?? lingering.get(id);
      if (entry === undefined) return false;
      remove(entry);
      return true;
    },
    liftAll() {
      for (const entry of [...entries.values(), ...lingering.values()]) remove(entry);
    },
    list: () => [...entries.values(), ...lingering.values()].map(view),
    has: (kind) => [...entries.values()].some(({ fault }) => fault.kind === kind),
    strike<Kind extends FaultKind>(kind: Kind, fits: (fault: FaultOf<Kind>) => boolean = () => true) {
      for (const entry of entries.values()) {
        if (!isOf(entry.fault, kind) || !fits(entry.fault)) continue;
        const { fault, lifted } = entry;
        entry.struck += 1;
        const isUsedUp = "times" in fault && fault.times !== undefined && entry.struck >= fault.times;
        if (isUsedUp) {
          entries.delete(entry.id);
          if (kind === "stall" || kind === "hang") lingering.set(entry.id, entry);
        }
        return { fault, lifted };
      }
      return null;
    },
  };
}

function view({ id, fault, struck }: Entry): ActiveFault {
  return { id, fault, struck };
}

function isOf<Kind extends FaultKind>(fault: Fault, kind: Kind): fault is FaultOf<Kind> {
  return fault.kind === kind;
}
