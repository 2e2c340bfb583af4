import { hasRole, type Principal } from "@darkroom/contracts";

/** True if this principal may look at every job: operators and admins. */
export function seesEveryJob(principal: Principal): boolean {
  return hasRole(principal.role, "operator");
}

/** The owners whose things a principal may reach by id; null is everyone's. */
export function visibleOwners(principal: Principal): readonly string[] | null {
  return seesEveryJob(principal) ? null : principal.ownerIds;
}
