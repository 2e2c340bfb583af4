import type { JobReference } from "../job-reference.ts";
import type { World } from "../world.ts";

/** One transaction: what is done, what it should answer, and what goes on from there. */
export interface Operation<Answer = unknown> {
  readonly label: string;
  /** Operations of one and the same are done by one process, one after another: they never race. */
  readonly by?: string;
  run(): Promise<Answer>;
  /** Does the same to the reference; returns what `predictable` makes of the answer. */
  expect(reference: JobReference): unknown;
  /** The part of an answer that the reference can predict: ids and times that the database makes are left out. */
  predictable(answer: Answer): unknown;
  /** What the process that asked knows now, and begins to do. */
  follow?(answer: Answer): Promise<void> | void;
}

/** Chooses, by three numbers, what is done; null if there is nothing that it could be done to. */
export type Plan = (world: World, picks: readonly [number, number, number]) => Operation | null;

/** Answers differ per operation; a list of them can only be used through `predictable` and `follow`, which fit. */
export const operation = <Answer>(made: Operation<Answer>) => made as Operation;
