import type { JobEvent, Principal } from "@darkroom/contracts";
import { eventFor, seesBackends } from "../access/backend-names.ts";

/** The texts of events that somebody still holds: one for those who see backends, one for guests. */
const texts = [new WeakMap<JobEvent, string>(), new WeakMap<JobEvent, string>()] as const;

/** An event as this caller may see it, as JSON. Made once for all callers who see the same of it. */
export function eventText(principal: Principal, event: JobEvent): string {
  const known = texts[seesBackends(principal) ? 1 : 0];
  const text = known.get(event) ?? JSON.stringify(eventFor(principal, event));
  known.set(event, text);
  return text;
}
