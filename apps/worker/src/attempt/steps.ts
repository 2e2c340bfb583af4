import type { Step, StepName } from "@darkroom/contracts";

/** The steps of one attempt, one after the other. */
export interface Steps {
  /** Ends the step before and begins this one. `atMs`: when, if it is not now. */
  enter(name: StepName, atMs?: number): void;
  /** Ends the last one. `error`: the code of what it failed with. */
  end(error?: string): void;
}

/**
 * Steps without a gap between them: each ends where the next one begins, so that together they are the time that the attempt
 * took. `first` began at a time that is known from elsewhere. Each is given to `note` once it is over.
 */
export function createSteps(
  first: { readonly name: StepName; readonly startMs: number },
  note: (step: Omit<Step, "facts">) => void,
): Steps {
  let current: { readonly name: StepName; readonly startMs: number } | null = first;
  const leave = (endMs: number, error?: string): void => {
    // A clock that was set back must not make a step that ends before it begins.
    if (current !== null)
      note({ ...current, endMs: Math.max(endMs, current.startMs), ...(error !== undefined && { error }) });
    current = null;
  };
  return {
    enter: (name, atMs = Date.now()) => {
      leave(atMs);
      current = { name, startMs: atMs };
    },
    end: (error) => leave(Date.now(), error),
  };
}
