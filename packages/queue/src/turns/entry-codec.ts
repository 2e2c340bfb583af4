import type { JobPriority, QueueEntry } from "@darkroom/contracts";

const letters: Readonly<Record<JobPriority, string>> = { high: "h", normal: "n", low: "l" };
const priorities: Readonly<Record<string, JobPriority>> = { h: "high", n: "normal", l: "low" };

/**
 * What the membership hash holds for a job: `priority letter|owner id|capability key|model key`. Short, because there
 * is one per waiting job; split by the scripts too (prelude.lua). Only the model key, the last, may contain a bar.
 */
export function encodeMember({ ownerId, priority, capabilityKey, modelKey }: QueueEntry): string {
  if (ownerId.includes("|") || capabilityKey.includes("|")) {
    throw new Error(`an owner id or capability key must not contain a bar: ${ownerId} ${capabilityKey}`);
  }
  return `${letters[priority]}|${ownerId}|${capabilityKey}|${modelKey ?? ""}`;
}

/** The entry behind a member; throws if it is none (a bug, or somebody else writes our keys). */
export function decodeMember(jobId: string, member: string): QueueEntry {
  const [letter = "", ownerId, capabilityKey, ...rest] = member.split("|");
  const priority = priorities[letter];
  if (priority === undefined || ownerId === undefined || capabilityKey === undefined) {
    throw new Error(`not a queue member: ${member}`);
  }
  return { jobId, ownerId, priority, capabilityKey, modelKey: rest.join("|") || null };
}
