import type { DurableEvent, OwnedEvent } from "@darkroom/contracts";
import { numbered } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { type NewOutput, outputOf } from "../reads/output-view.ts";

type Answer =
  | { readonly type: "known" | "lost" }
  | { readonly type: "stored"; readonly ownerId: string; readonly firstSeq: number; readonly events: DurableEvent[] };

/**
 * Records a stored file as the attempt's `ordinal`-th output, with `output.created` (`create-output.sql`). No event if that output
 * is there already (the answer of the first try was lost); null if the attempt lost the job.
 */
export async function createOutput(
  database: Database,
  { jobId, attempt, ordinal, output }: { jobId: string; attempt: number; ordinal: number; output: NewOutput },
): Promise<OwnedEvent[] | null> {
  const shown = outputOf(jobId, output);
  const answer = await database.steps.createOutput<Answer>({ jobId, attempt, ordinal, output, shown });
  if (answer.type === "stored") return numbered(answer.ownerId, answer.firstSeq, answer.events);
  return answer.type === "known" ? [] : null;
}
