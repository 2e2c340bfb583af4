import type { JobView } from "@darkroom/contracts";
import { t } from "../../language/say.ts";

/** What somebody is called beside what is theirs: by their name, or the end of their id. */
export function ownerLabel({ ownerId, displayName }: NonNullable<JobView["owner"]>): string {
  return displayName ?? t`Guest ${ownerId.slice(-6)}`;
}
