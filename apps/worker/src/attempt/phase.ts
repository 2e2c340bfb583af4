/**
 * Where the prompt of an attempt is, as far as is known.
 *
 * - `unsent`: ComfyUI has not been sent it, or nobody has yet found the one that an earlier attempt sent.
 * - `waiting`: it was sent, and has not been seen to run.
 * - `running`: it was seen to run.
 * - `over`: ComfyUI no longer has it waiting or running.
 * - `void`: it never began and never will, so the job is free to run anywhere else.
 */
export type Phase = "unsent" | "waiting" | "running" | "over" | "void";

const steps: Readonly<Record<Phase, readonly Phase[]>> = {
  unsent: ["waiting"],
  waiting: ["running", "over", "void"],
  // What ran may have cost its backend something, so it can no longer count as never begun.
  running: ["over"],
  over: [],
  void: [],
};

/** The phase after that step. Throws for a step that no prompt takes: whoever wants it is mistaken about the prompt. */
export function advancePhase(from: Phase, to: Phase): Phase {
  if (!steps[from].includes(to)) throw new Error(`a prompt does not go from ${from} to ${to}`);
  return to;
}
