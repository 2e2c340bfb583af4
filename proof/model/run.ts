import { isTerminal } from "@darkroom/contracts";
import { agree, Disagreement } from "./agree.ts";
import { finishEverything } from "./finish.ts";
import type { JobReference } from "./job-reference.ts";
import { moves } from "./moves.ts";
import type { Operation } from "./operations/operation.ts";
import { operations } from "./operations.ts";
import { performOne } from "./perform-one.ts";
import type { Look, Stores } from "./stores.ts";
import { type BackendId, World } from "./world.ts";

export type Picks = readonly [number, number, number];
export interface OperationStep {
  readonly kind: keyof typeof operations;
  readonly picks: Picks;
}
export type Step =
  | OperationStep
  | { readonly kind: keyof typeof moves; readonly picks: Picks }
  /** Transactions that run at the same time. */
  | { readonly kind: "race"; readonly of: readonly OperationStep[] };

export interface Case {
  readonly steps: readonly Step[];
  /** Which backends are there at the end, when everything must finish. */
  readonly alive: readonly BackendId[];
}

/** Runs a case from empty stores; answers how many steps it took and what they were. Throws {@link Failed}. */
export async function runCase(stores: Stores, { steps, alive }: Case): Promise<number> {
  await stores.reset();
  const world = new World(stores);
  const witness = new Witness();
  let count = 0;
  const done = async (label: string): Promise<void> => {
    count += 1;
    world.trace.push(world.names(label));
    await compare(world, witness);
  };
  try {
    for (const step of steps) {
      const label = await perform(world, step);
      if (label !== null) await done(label);
    }
    await finishEverything(world, alive, done);
  } catch (error) {
    throw new Failed(world.trace, error);
  }
  return count;
}

/** What went wrong, with every step up to it. */
export class Failed extends Error {
  override readonly name = "Failed";

  constructor(trace: readonly string[], cause: unknown) {
    const lines = trace.map((line, index) => `${String(index + 1).padStart(4)}. ${line}`);
    const reason = cause instanceof Disagreement ? cause.message : String((cause as Error).stack ?? cause);
    super(`${lines.join("\n")}\n  ✗ ${reason}`, { cause });
  }
}

async function perform(world: World, step: Step): Promise<string | null> {
  if (step.kind === "race") return race(world, step.of);
  if (step.kind in moves) return moves[step.kind as keyof typeof moves][0](world, step.picks);
  const planned = plan(world, step as OperationStep);
  return planned === null ? null : performOne(world, planned);
}

const plan = (world: World, { kind, picks }: OperationStep): Operation | null => operations[kind][0](world, picks);

/** Runs transactions at once: answers, rows and events must be those of one of their orders. */
async function race(world: World, steps: readonly OperationStep[]): Promise<string | null> {
  const planned: Operation[] = [];
  for (const step of steps) {
    const operation = plan(world, step);
    if (operation === null || planned.some(({ by }) => by !== undefined && by === operation.by)) continue;
    planned.push(operation);
  }
  if (planned.length === 0) return null;
  const label = planned.map((operation) => operation.label).join(" ‖ ");
  world.areJobsTouched = true;
  const answers = await Promise.all(planned.map(({ run }) => run()));
  const said = planned.map(({ predictable }, index) => predictable(answers[index]));
  const real = await world.stores.peek(world.reference.seqs);

  let lastDisagreement: unknown;
  for (const order of orders(planned.map((_, index) => index))) {
    const reference = world.reference.copy();
    try {
      for (const index of order) agree(label, said[index], planned[index]?.expect(reference), world.names);
      agreeOnRows(label, real, reference.copy(), world);
    } catch (error) {
      lastDisagreement = error;
      continue;
    }
    world.reference = reference;
    for (const [index, { follow }] of planned.entries()) await follow?.(answers[index]);
    return `${label} → ${JSON.stringify(said)}`;
  }
  throw new Disagreement(
    `no order of ${world.names(label)} explains ${JSON.stringify(said)}; the last one tried:\n  ${
      (lastDisagreement as Error).message
    }`,
  );
}

function orders(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((first) => orders(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}

function agreeOnRows(what: string, real: Look, reference: JobReference, { names }: World): void {
  const expected = reference.rows();
  for (const [table, rows] of Object.entries(expected)) {
    agree(`${table} after: ${what}`, real.rows[table], rows, names);
  }
  const events = reference
    .takeEvents()
    .toSorted((a, b) => (a.ownerId === b.ownerId ? a.ownerSeq - b.ownerSeq : a.ownerId < b.ownerId ? -1 : 1));
  agree(`events of: ${what}`, real.events, events, names);
}

/** Compares everything with the reference, and with what must hold whatever the reference thinks. */
async function compare(world: World, witness: Witness): Promise<void> {
  const { stores, reference, queueReference, names } = world;
  const last = world.trace.at(-1) ?? "";
  if (world.areJobsTouched) {
    world.areJobsTouched = false;
    const real = await stores.look(witness.seqs);
    agreeOnRows(last, real, reference, world);
    reference.now += 1;
    witness.check(real);
  }
  if (!world.isQueueTouched) return;
  world.isQueueTouched = false;
  if (queueReference.isDamaged) return;
  const [positions, depth, isWhole] = await Promise.all([
    stores.queue.positions({ ownerIds: world.ownerIds }),
    stores.queue.depth(),
    stores.queue.check(),
  ]);
  const order = queueReference.order();
  const inOrder = [...positions].toSorted((a, b) => a[1] - b[1]);
  agree(
    `positions after: ${last}`,
    inOrder,
    order.map((jobId, position) => [jobId, position]),
    names,
  );
  agree(`depth after: ${last}`, depth, order.length, names);
  agree(`whether all that waits can be reached after: ${last}`, isWhole, queueReference.hasEpoch, names);
}

interface JobFacts {
  readonly id: string;
  readonly state: Parameters<typeof isTerminal>[0];
  readonly version: number;
}

/** Promises that need no reference: they are read off the rows and events alone. */
class Witness {
  readonly seqs = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  readonly #ended = new Map<string, string>();
  readonly #removed = new Set<string>();
  readonly #settled = new Set<string>();

  check({ rows, events }: Look): void {
    for (const { ownerId, ownerSeq, type, id, version } of events) {
      must(ownerSeq === (this.seqs.get(ownerId) ?? 0) + 1, "ownerSeq is contiguous");
      this.seqs.set(ownerId, ownerSeq);
      if (type === "batch.settled") {
        must(!this.#settled.has(id), "a batch settles once");
        this.#settled.add(id);
      } else {
        must(version === (this.#versions.get(id) ?? 0) + 1, "each durable event raises the version by one");
        must(!this.#removed.has(id), "nothing follows the removal of a job");
        must(
          this.#ended.has(id) === (type === "job.removed"),
          "a job is removed after its end, and nothing else follows that",
        );
        this.#versions.set(id, version ?? 0);
        if (type === "job.succeeded" || type === "job.failed" || type === "job.canceled") this.#ended.set(id, type);
        if (type === "job.removed") this.#removed.add(id);
      }
    }
    for (const { id, state, version } of rows.jobs as JobFacts[]) {
      must(version === this.#versions.get(id), "a job's version is that of its last event");
      const end = this.#ended.get(id);
      must(isTerminal(state) ? end === `job.${state}` : end === undefined, "a job's state is that of its last event");
    }
    for (const { batchId, open } of rows.batches as { batchId: string; open: number }[]) {
      must((open === 0) === this.#settled.has(batchId), "a batch settles when its last job ends");
    }
  }
}

function must(holds: boolean, promise: string): void {
  if (!holds) throw new Disagreement(`does not hold: ${promise}`);
}
