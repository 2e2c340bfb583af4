import { type DurableEvent, type JobStage, jobStages, type OwnedEvent } from "@darkroom/contracts";
import { numbered } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";

type Answer =
  | { readonly type: "same" | "lost" }
  | { readonly type: "staged"; readonly ownerId: string; readonly firstSeq: number; readonly events: DurableEvent[] };

/**
 * Moves a running job to a later stage, with `job.staged` (`stage.sql`). No event, and nothing changed, if it is there or further
 * already or is being canceled; null if the attempt lost the job.
 */
export async function stageJob(
  database: Database,
  { jobId, attempt, stage }: { jobId: string; attempt: number; stage: JobStage },
): Promise<OwnedEvent[] | null> {
  const earlier = jobStages.slice(0, jobStages.indexOf(stage));
  const answer = await database.steps.stage<Answer>({ jobId, attempt, stage, earlier });
  if (answer.type === "staged") return numbered(answer.ownerId, answer.firstSeq, answer.events);
  return answer.type === "same" ? [] : null;
}
