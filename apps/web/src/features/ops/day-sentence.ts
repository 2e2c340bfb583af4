import type { JobView } from "@darkroom/contracts";
import { isTerminal } from "@darkroom/contracts";

/** `12 of 14 succeeded` and the like: the last day's jobs in one sentence. */
export function daySentence(counts: Readonly<Partial<Record<JobView["state"], number>>>): string {
  const states = Object.keys(counts) as JobView["state"][];
  const ended = states.filter(isTerminal).reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  if (ended === 0) return "Nothing ended in the last 24 hours.";
  const failed = counts.failed ?? 0;
  const canceled = counts.canceled ?? 0;
  const extra = [failed > 0 && `${failed} failed`, canceled > 0 && `${canceled} canceled`].filter(Boolean).join(", ");
  return `${counts.succeeded ?? 0} of ${ended} succeeded in the last 24 hours${extra === "" ? "" : ` (${extra})`}.`;
}
