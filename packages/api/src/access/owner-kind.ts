import type { Principal } from "@darkroom/contracts";

/** The kind of the owner row that a principal writes as. */
export function ownerKindOf(principal: Principal): "guest" | "account" {
  if (principal.kind === "guest") return "guest";
  return "account";
}
