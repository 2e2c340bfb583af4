import type { JobView } from "@darkroom/contracts";

/** What somebody is called beside what is theirs: by their name, or the end of their id. */
export function ownerLabel({ ownerId, displayName }: NonNullable<JobView["owner"]>): string {
  return displayName ?? `Guest ${ownerId.slice(-6)}`;
}
