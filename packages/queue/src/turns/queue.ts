import { randomUUID } from "node:crypto";
import type { QueueEntry } from "@darkroom/contracts";
import type { Redis } from "../redis/client.ts";
import { createGatherer } from "../redis/gather.ts";
import { ABLE_TTL_SECONDS, type Keys } from "../redis/keys.ts";
import { defineScript } from "../redis/script.ts";
import { decodeMember, encodeMember } from "./entry-codec.ts";
import { QueueUnavailable } from "./errors.ts";

export type { QueueEntry };

export interface TakeRequest {
  readonly backendId: string;
  /** Hash of the backend's `object_info`: its yes/no answers are kept under it. */
  readonly catalogHash: string;
  /** The model loaded there; null if none is known. */
  readonly warmModelKey: string | null;
  /** How many jobs this backend could run are looked at for a warm model. Default 8. */
  readonly lookAhead?: number;
  /** How often a job may be passed over for a warm model before it goes first. Default 5. */
  readonly maxPasses?: number;
  /** How often before another owner's job may not be the one that is given instead. Default 2. */
  readonly maxTurns?: number;
}

export type TakeAnswer =
  | { readonly type: "job"; readonly entry: QueueEntry }
  /** Nobody decided yet whether this catalogue can run such a job: `decide`, then take again. Nothing was taken. */
  | { readonly type: "unknown-capability"; readonly capabilityKey: string; readonly jobId: string }
  | { readonly type: "empty" };

/** Who is next. Every method rejects with `QueueUnavailable` when Redis could not be asked. */
export interface Queue {
  /**
   * Adds entries in the order given: to the tail of their lane, or each to its head (so give the newest first).
   * What already waits stays where it is. With `wake` idle workers are told in the same step. `EPOCH_MISSING`: Redis lost the queue or a part of it, nothing was added, the rebuild will.
   */
  enqueue(
    entries: readonly QueueEntry[],
    options?: { readonly at?: "tail" | "head"; readonly wake?: boolean },
  ): Promise<"ok" | "EPOCH_MISSING">;
  /** The next job in turn that the backend can run; it has left the queue. */
  take(request: TakeRequest): Promise<TakeAnswer>;
  /** Records whether backends with this catalogue can run jobs with this capability key. */
  decide(answer: {
    readonly catalogHash: string;
    readonly capabilityKey: string;
    readonly able: boolean;
  }): Promise<void>;
  /** Takes jobs out; absent ones are no error. Answers how many were there. */
  remove(jobIds: readonly string[]): Promise<number>;
  /**
   * Jobs → how many start before it (0 is next), exact under turns, as if one backend could run everything.
   * Of all jobs of some owners, or of some jobs; what does not wait is absent.
   */
  positions(
    of: { readonly ownerIds: readonly string[] } | { readonly jobIds: readonly string[] },
  ): Promise<Map<string, number>>;
  /** Every waiting job's id, by position. */
  order(): Promise<string[]>;
  /** Makes a waiting job the next of all: head of its owner's `high` lane, its owner at the head of the ring. */
  promote(jobId: string): Promise<boolean>;
  /** Empties the queue; the epoch stays. Answers how many jobs left. */
  clear(): Promise<number>;
  /** After a wipe: fills the queue in the order given and sets the epoch. Does nothing (false) if the epoch is there. */
  rebuild(entries: readonly QueueEntry[]): Promise<boolean>;
  /**
   * False after a wipe, and if keys or parts of them were lost so that something which waits could not be reached: then
   * nothing can be added any more until `rebuild`. Reads everything that waits: milliseconds for thousands of jobs.
   */
  check(): Promise<boolean>;
  /** Those of the given jobs that wait, each as it waits. */
  find(jobIds: readonly string[]): Promise<Map<string, QueueEntry>>;
  /** How many jobs wait. */
  depth(): Promise<number>;
}

const pairs = (entries: readonly QueueEntry[]) => entries.flatMap((entry) => [entry.jobId, encodeMember(entry)]);

async function ask<Answer>(what: string, answer: Promise<unknown>, read: (raw: unknown) => Answer): Promise<Answer> {
  let raw: unknown;
  try {
    raw = await answer;
  } catch (cause) {
    throw new QueueUnavailable(what, cause);
  }
  return read(raw);
}

function readTake(raw: unknown): TakeAnswer {
  const [type, first, second] = raw as [string, string, string];
  if (type === "job") return { type, entry: decodeMember(first, second) };
  if (type === "unknown-capability") return { type, capabilityKey: first, jobId: second };
  return { type: "empty" };
}

function readPositions(raw: unknown): Map<string, number> {
  const flat = raw as (string | number)[];
  const positions = new Map<string, number>();
  for (let index = 0; index < flat.length; index += 2) positions.set(String(flat[index]), Number(flat[index + 1]));
  return positions;
}

/** The queue behind `keys`. `redis` has the role `commands`. Every verb is one script, so one atomic step. */
export function createQueue(redis: Redis, keys: Keys): Queue {
  const base = [keys.epoch(), keys.ring(), keys.owners(), keys.members(), keys.passes()];
  const enqueue = defineScript(redis, "enqueue");
  const take = defineScript(redis, "take");
  const decide = defineScript(redis, "decide");
  const remove = defineScript(redis, "remove");
  const positions = defineScript(redis, "positions");
  const promote = defineScript(redis, "promote");
  const clear = defineScript(redis, "clear");
  const rebuild = defineScript(redis, "rebuild");
  const check = defineScript(redis, "check");

  const add: Queue["enqueue"] = async (entries, { at = "tail", wake = false } = {}) => {
    const args = [keys.laneRoot, at === "head" ? "LPUSH" : "RPUSH", wake ? keys.wake() : "", ...pairs(entries)];
    return ask("enqueue", enqueue(base, args), (raw) => (raw === "EPOCH_MISSING" ? raw : "ok"));
  };
  const positionsOf = (wanted: readonly string[]): Promise<Map<string, number>> =>
    ask("give positions", positions(base, [keys.laneRoot, ...wanted]), readPositions);
  // In this order: whoever adds a job and asks for its place in one go is told it.
  const gather = createGatherer();
  const addNew = gather<QueueEntry, "ok" | "EPOCH_MISSING">((entries) => add(entries, { wake: true }));
  const positionsOfJobs = gather<string, Map<string, number>>((jobIds) => positionsOf(["jobs", ...jobIds]));

  return {
    enqueue: (entries, options = {}) =>
      options.at !== "head" && options.wake === true ? addNew(entries) : add(entries, options),
    take: async ({ backendId, catalogHash, warmModelKey, lookAhead = 8, maxPasses = 5, maxTurns = 2 }) => {
      const args = [keys.laneRoot, backendId, warmModelKey ?? "", lookAhead, maxPasses, maxTurns];
      return ask("take", take([...base, keys.able(catalogHash)], args), readTake);
    },
    decide: async ({ catalogHash, capabilityKey, able }) => {
      const args = [capabilityKey, able ? "1" : "0", ABLE_TTL_SECONDS];
      return ask("decide", decide([keys.able(catalogHash)], args), () => undefined);
    },
    remove: async (jobIds) =>
      jobIds.length === 0 ? 0 : ask("remove", remove(base, [keys.laneRoot, ...jobIds]), Number),
    positions: async (of) => {
      if ("ownerIds" in of) return of.ownerIds.length === 0 ? new Map() : positionsOf(["owners", ...of.ownerIds]);
      if (of.jobIds.length === 0) return new Map();
      const found = await positionsOfJobs(of.jobIds);
      return new Map(of.jobIds.flatMap((jobId) => (found.has(jobId) ? [[jobId, found.get(jobId) ?? 0]] : [])));
    },
    order: async () =>
      ask("give its order", positions(base, [keys.laneRoot, "everyone"]), (raw) =>
        [...readPositions(raw)].sort(([, a], [, b]) => a - b).map(([jobId]) => jobId),
      ),
    promote: async (jobId) => ask("promote", promote(base, [keys.laneRoot, jobId]), (raw) => raw === 1),
    clear: async () => ask("clear", clear(base, [keys.laneRoot]), Number),
    rebuild: async (entries) =>
      ask("rebuild", rebuild(base, [keys.laneRoot, randomUUID(), ...pairs(entries)]), (raw) => raw === 1),
    check: async () => ask("check itself", check(base, [keys.laneRoot]), (raw) => raw === 1),
    find: async (jobIds) => {
      if (jobIds.length === 0) return new Map();
      const read = (raw: unknown) =>
        new Map(
          jobIds.flatMap((jobId, index) => {
            const member = (raw as (string | null)[])[index];
            return member == null ? [] : [[jobId, decodeMember(jobId, member)] as const];
          }),
        );
      return ask("say what waits", redis.hmget(keys.members(), ...jobIds), read);
    },
    depth: async () => ask("say its depth", redis.hlen(keys.members()), Number),
  };
}
