import { DarkroomError, hasRole, type Principal } from "@darkroom/contracts";
import { accessTo } from "./doors.ts";

/**
 * Lets the principal in at a door, or throws.
 *
 * @param door A procedure's path or a route's method and pattern, as in the table of doors
 * @throws DarkroomError `FORBIDDEN`; `INTERNAL` for a door that is not in the table, which lets nobody in
 */
export function authorize(door: string, principal: Principal): void {
  const access = accessTo(door);
  if (access === null) throw new DarkroomError("INTERNAL", `${door} is not in the table of doors`);
  const { role, keys } = access;
  if (principal.kind === "apiKey") {
    if (keys === "refused") throw new DarkroomError("FORBIDDEN", "API keys cannot do this; sign in instead.");
    const missing = keys.filter((scope) => !principal.scopes.includes(scope));
    if (missing.length > 0)
      throw new DarkroomError("FORBIDDEN", `This API key lacks the scope ${missing.join(" and the scope ")}.`);
  }
  if (role === "public" || hasRole(principal.role, role)) return;
  if (principal.role === "blocked") {
    throw principal.kind === "guest"
      ? new DarkroomError("FORBIDDEN", "Guests may do nothing here. Sign in with an account.")
      : new DarkroomError("FORBIDDEN", "This account was blocked. Ask whoever runs this Darkroom.");
  }
  throw principal.role === "guest"
    ? new DarkroomError("FORBIDDEN", "Sign in with an account that may do this.")
    : new DarkroomError("FORBIDDEN", `This needs the role ${role}.`);
}
