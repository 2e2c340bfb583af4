import type { FaultLine } from "../records.ts";
import type { Evidence, LedgerLine } from "./evidence.ts";

// What the simulators ran by their own account, against what Postgres says of it.

/** What a ledger tells of one prompt, from its submission on. */
interface Run {
  readonly promptId: string;
  readonly server: string;
  readonly process: string;
  readonly submittedAt: number;
  readonly succeededAt: number | null;
}

function runsOf(ledger: readonly LedgerLine[]): Run[] {
  const submitted = ledger.filter(({ type }) => type === "submitted");
  return submitted.map(({ promptId = "", server, process, at }) => {
    const isItsEnd = (line: LedgerLine): boolean =>
      line.type === "ended" && line.outcome === "success" && line.promptId === promptId && line.process === process;
    return { promptId, server, process, submittedAt: at, succeededAt: ledger.find(isItsEnd)?.at ?? null };
  });
}

const allRuns = ({ ledgers }: Evidence): Run[] => ledgers.flatMap(runsOf).sort((a, b) => a.submittedAt - b.submittedAt);

/** Prompts that no worker had written down before it sent them. */
export function unrecordedPrompts(evidence: Evidence): string[] {
  const recorded = new Set(evidence.dispatches.map(({ promptId }) => promptId));
  return allRuns(evidence)
    .filter(({ promptId }) => !recorded.has(promptId))
    .map(({ promptId }) => `${promptId} was sent without being recorded`);
}

/** Prompts that were sent twice, under one id, to a server that had not been restarted. */
export function resentPrompts(evidence: Evidence): string[] {
  const found: string[] = [];
  for (const [promptId, same] of Map.groupBy(allRuns(evidence), (run) => run.promptId)) {
    const processes = new Set(same.map(({ process }) => process));
    if (processes.size < same.length)
      found.push(`${promptId} was sent ${same.length} times to ${processes.size} servers`);
  }
  return found;
}

/**
 * Prompts of a job that were sent although an earlier one had completed on a server that still knew it. A server whose port
 * refused connections meanwhile counts as gone, with all it knew: nobody can tell a link that is down from that.
 */
export function repeatedPrompts(evidence: Evidence): string[] {
  const { ledgers, dispatches, faults } = evidence;
  const jobOf = new Map(dispatches.map(({ promptId, jobId }) => [promptId, jobId]));
  const refused = ({ server, submittedAt }: Run, until: number): boolean =>
    faults.some((fault) => refuses(fault, server) && fault.at <= until && fault.at + fault.forMs >= submittedAt);
  /** Until when a server knew what it had run: the start of its next process. */
  const knewUntil = new Map<string, number>();
  for (const ledger of ledgers) {
    const opened = ledger.filter(({ type }) => type === "opened");
    for (const [index, { process }] of opened.entries())
      knewUntil.set(process, opened[index + 1]?.at ?? Number.POSITIVE_INFINITY);
  }
  const found: string[] = [];
  for (const [jobId, own] of Map.groupBy(allRuns(evidence), ({ promptId }) => jobOf.get(promptId))) {
    for (const later of own) {
      const done = own.find(
        (run) =>
          run.promptId !== later.promptId &&
          run.succeededAt !== null &&
          run.succeededAt < later.submittedAt &&
          later.submittedAt < (knewUntil.get(run.process) ?? 0) &&
          !refused(run, later.submittedAt),
      );
      if (done !== undefined)
        found.push(
          `${jobId}: ${later.promptId} sent ${later.submittedAt - (done.succeededAt ?? 0)} ms after ${done.promptId} had completed`,
        );
    }
  }
  return found;
}

/** Whether nobody can connect to this server while the fault lasts. */
function refuses(fault: FaultLine, server: string): boolean {
  if (fault.kind === "link") return fault.link === server && fault.toxics.link === "down";
  return fault.kind === "kill" && fault.part === server;
}

/** Successes without a prompt that succeeded or without an output, and failures without a reason. */
export function untrueEnds({ jobs, outputs, ledgers, dispatches }: Evidence): string[] {
  const successes = new Set(ledgers.flatMap(runsOf).flatMap((run) => (run.succeededAt === null ? [] : [run.promptId])));
  const promptsOf = Map.groupBy(dispatches, ({ jobId }) => jobId);
  const outputsOf = Map.groupBy(outputs, ({ jobId }) => jobId);
  return jobs.flatMap(({ id, state, attempt, failure }) => {
    const prompts = promptsOf.get(id) ?? [];
    if (state === "succeeded" && !prompts.some(({ promptId }) => successes.has(promptId)))
      return [`${id} succeeded, but none of its ${prompts.length} prompts did`];
    if (state === "succeeded" && !outputsOf.get(id)?.some((output) => output.attempt === attempt))
      return [`${id} succeeded in attempt ${attempt}, which has no output`];
    // The load asks for nothing that can fail: only a prompt that was lost three times is a reason.
    if (state === "failed" && (failure !== "POISON" || prompts.length < 3))
      return [`${id} failed with ${failure} after ${prompts.length} prompts`];
    return [];
  });
}
