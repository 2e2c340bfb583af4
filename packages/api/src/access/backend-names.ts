import { hasRole, type JobEvent, type JobView, type Principal } from "@darkroom/contracts";

// A backend is called by its address. Guests are strangers: they learn that a server works for them, and not where it is.

/** Whether this caller learns where servers are: what is sent to callers differs by this alone. */
export const seesBackends = (principal: Principal): boolean => hasRole(principal.role, "member");

/** A backend's name as this caller may see it; null for guests. */
export const backendNameFor = (principal: Principal, backend: string | null): string | null =>
  seesBackends(principal) ? backend : null;

/** A job as this caller may see it: of one's own is not said whose it is. */
export function viewFor(principal: Principal, { owner, ...view }: JobView): JobView {
  const seen = seesBackends(principal) ? view : { ...view, backend: null };
  return owner === undefined || principal.ownerIds.includes(owner.ownerId) ? seen : { ...seen, owner };
}

/** An event as this caller may see it. */
export function eventFor<Event extends JobEvent>(principal: Principal, event: Event): Event {
  return seesBackends(principal) || event.type !== "job.started" ? event : { ...event, backend: null };
}
