import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type DurableEvent, isCustom, isTerminal } from "@darkroom/contracts";
import { jobView, readFeed } from "@darkroom/db";
import type { Stage } from "./stage.ts";
import { endOf } from "./stage-reader.ts";

/** What must hold beside the promises that always hold. */
export interface Expectation {
  /** The states that jobs may end in; default: `succeeded` alone. */
  readonly ends?: (jobId: string) => readonly string[];
  /**
   * True where a step of the job itself was made to fail: then it is tried again, with a new prompt. Otherwise no prompt
   * may ever run a second time, because ComfyUI lived all the while.
   */
  readonly mayRepeat?: boolean;
  /** Jobs that the fault has nothing to do with: they run once all the same, as one prompt, whoever follows it. */
  readonly neighbours?: readonly string[];
  /** What may return a neighbour; default: only the end of a lease. */
  readonly returnedFor?: readonly Reason[];
}

type Reason = Extract<DurableEvent, { type: "job.retried" }>["reason"];

/**
 * Compares what is in Postgres, in storage, in the simulator's ledger and at the watching reader with what was promised.
 * Answers the faults it found, in words.
 */
export async function audit(
  stage: Stage,
  { ends = () => ["succeeded"], mayRepeat = false, neighbours = [], returnedFor = ["lease-expired"] }: Expectation = {},
): Promise<string[]> {
  const faults: string[] = [];
  const stored = await storedEvents(stage);
  const delivered = stage.seen.durable;
  if (!isDeepStrictEqual(stored, delivered))
    faults.push(`the reader got ${delivered.length} events, other than the ${stored.length} that are stored`);
  for (const jobId of stage.jobIds) {
    const short = jobId.slice(-4);
    const view = await jobView(stage.database, { jobId, ownerIds: null });
    if (view === null) {
      faults.push(`job ${short} is gone`);
      continue;
    }
    if (!isTerminal(view.state)) faults.push(`job ${short} is still ${view.state}`);
    else if (!ends(jobId).includes(view.state)) faults.push(`job ${short} ${view.state}: ${view.failure?.message}`);
    faults.push(...history(stored, jobId, view.state).map((fault) => `job ${short} ${fault}`));
    const isNeighbour = neighbours.includes(jobId);
    const tries = { reasons: reasonsOf(stored, jobId), isNeighbour, mayRepeat: mayRepeat && !isNeighbour };
    faults.push(...(await prompts(stage, jobId, tries)).map((fault) => `job ${short} ${fault}`));
    const reasons = isNeighbour ? reasonsOf(stored, jobId).filter((reason) => !returnedFor.includes(reason)) : [];
    if (reasons.length > 0) faults.push(`job ${short} was given back for what befell another: ${reasons.join(", ")}`);
    if (view.state === "succeeded" && view.outputs.length !== 1)
      faults.push(`job ${short} shows ${view.outputs.length} outputs`);
  }
  faults.push(...(await files(stage)));
  return faults;
}

async function storedEvents({ database, ownerId }: Stage): Promise<DurableEvent[]> {
  const owned = await readFeed(database, { cursors: [{ ownerId, afterSeq: 0 }], limit: 10_000 });
  const gap = owned.findIndex(({ ownerSeq }, index) => ownerSeq !== index + 1);
  if (gap >= 0) throw new Error(`the feed has a gap at ${gap + 1}`);
  return owned.map(({ event }) => event).filter((event) => !isCustom(event));
}

/** Versions without a gap, attempts that never fall, one end, and nothing after it. */
function history(stored: readonly DurableEvent[], jobId: string, state: string): string[] {
  const events = stored.filter((event) => "jobId" in event).filter((event) => event.jobId === jobId);
  const faults: string[] = [];
  if (events.some(({ version }, index) => version !== index + 1)) faults.push("has a gap in its versions");
  if (events.some(({ attempt }, index) => attempt < (events[index - 1]?.attempt ?? 0)))
    faults.push("went back an attempt");
  const last = events.filter(endOf);
  if (last.length !== 1) faults.push(`has ${last.length} ends`);
  if (last[0] !== undefined && last[0] !== events.at(-1)) faults.push("has events after its end");
  if (last[0] !== undefined && last[0].type !== `job.${state}`)
    faults.push(`is ${state}, its event says ${last[0].type}`);
  return faults;
}

/** Why the job was returned, each time. */
const reasonsOf = (stored: readonly DurableEvent[], jobId: string): Reason[] =>
  stored.flatMap((event) => (event.type === "job.retried" && event.jobId === jobId ? [event.reason] : []));

/** What ComfyUI ran for the job, by the simulator's own account. */
async function prompts(
  { database, lane }: Stage,
  jobId: string,
  { reasons, isNeighbour, mayRepeat }: { reasons: readonly Reason[]; isNeighbour: boolean; mayRepeat: boolean },
): Promise<string[]> {
  const rows = await database.sql<{ promptId: string }[]>`
    SELECT prompt_id AS "promptId" FROM dispatches WHERE job_id = ${jobId}`;
  const sent = new Set(rows.map(({ promptId }) => promptId));
  const entries = lane.simulator.control.ledger().filter(({ promptId }) => sent.has(promptId));
  const faults: string[] = [];
  // What only waited may be withdrawn and sent anew; a neighbour has begun.
  if (isNeighbour && entries.length !== 1) faults.push(`was ${entries.length} prompts on ComfyUI`);
  if (entries.some(({ runs, submissions }) => runs > 1 || submissions > 1)) faults.push("had one prompt sent twice");
  if (entries.some(({ outcome }) => outcome === "running" || outcome === "waiting"))
    faults.push("ended, and its prompt did not");
  const runs = entries.reduce((total, entry) => total + entry.runs, 0);
  const isSecondTry = (reason: Reason): boolean => reason === "failure" || reason === "prompt-lost";
  const allowed = 1 + (mayRepeat ? reasons.filter(isSecondTry).length : 0);
  if (runs > allowed) faults.push(`ran ${runs} times on ComfyUI where ${allowed} was enough`);
  return faults;
}

/** Every row of outputs names a file that is there, whole. */
async function files({ database, storageFolder }: Stage): Promise<string[]> {
  const rows = await database.sql<{ storageKey: string; sha256: string; sizeBytes: number }[]>`
    SELECT DISTINCT storage_key AS "storageKey", sha256, size_bytes AS "sizeBytes" FROM outputs`;
  const faults: string[] = [];
  for (const { storageKey, sha256, sizeBytes } of rows) {
    const bytes = await readFile(join(storageFolder, storageKey)).catch(() => null);
    if (bytes === null) faults.push(`the file ${storageKey} is not there`);
    else if (bytes.length !== sizeBytes) faults.push(`the file ${storageKey} has not its length`);
    else if (createHash("sha256").update(bytes).digest("hex") !== sha256) faults.push(`${storageKey} has not its hash`);
  }
  return faults;
}
