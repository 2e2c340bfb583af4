import { DarkroomError, hasRole, type Principal, type Role, roles } from "@darkroom/contracts";
import { listOwners, type Owner, ownerById, setRole } from "@darkroom/db";
import { z } from "zod";
import type { Page, UserView } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { idInput, pageInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const userRouter = router({
  list: procedure
    .input(z.strictObject(pageInput).prefault({}))
    .query(({ ctx, input }): Promise<Page<UserView>> => userPage(ctx, input)),

  setRole: procedure
    .input(z.strictObject({ ownerId: idInput, role: z.enum(roles) }))
    .mutation(async ({ ctx, input }): Promise<{ ownerId: string; role: Role }> => {
      const owner = await ownerById(ctx.database, input.ownerId);
      if (owner === null || owner.kind === "removed") throw new DarkroomError("NOT_FOUND", "There is no such account.");
      assertMaySet(ctx.principal, owner, input.role);
      await setRole(ctx.database, input);
      return input;
    }),
});

/** Throws unless the principal may give this owner that role. Operators block and unblock whoever is below them. */
function assertMaySet(principal: Principal, owner: Owner, role: Role): void {
  // An installation whose last admin demotes themselves could only be repaired with SQL.
  if (principal.ownerIds.includes(owner.ownerId)) {
    throw new DarkroomError("FORBIDDEN", "You cannot change your own role.");
  }
  if (role === "guest" && owner.kind !== "guest") {
    const fields = [{ path: "role", message: "must be member or more for an account, or blocked" }];
    throw new DarkroomError("INPUT_INVALID", "An account is at least a member, unless it is blocked.", { fields });
  }
  if (hasRole(principal.role, "admin")) return;
  if (hasRole(owner.role, "operator")) {
    throw new DarkroomError("FORBIDDEN", "Only an admin changes the role of an operator.");
  }
  if (hasRole(role, "operator")) throw new DarkroomError("FORBIDDEN", "Only an admin makes someone an operator.");
}

async function userPage(
  { database }: Context,
  { cursor, limit }: { cursor?: string | null | undefined; limit: number },
): Promise<Page<UserView>> {
  const page = await listOwners(database, { limit, cursor: cursor ?? null });
  const items = page.items.flatMap(({ ownerId, kind, displayName, role, createdAt, lastSeen }) =>
    kind === "removed" ? [] : [{ ownerId, kind, displayName, role, createdAt, lastSeenAt: lastSeen }],
  );
  return { items, nextCursor: page.nextCursor };
}
