import { DarkroomError, hasRole, type Principal, type Role, roles } from "@darkroom/contracts";
import {
  type Entrance,
  entrances,
  listOwners,
  type Owner,
  ownerById,
  readEntrances,
  setEntrance,
  setRole,
} from "@darkroom/db";
import { z } from "zod";
import type { EntranceView, Page, UserView } from "../answers/index.ts";
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

  entrances: procedure.query(({ ctx }): Promise<readonly EntranceView[]> => entranceViews(ctx)),

  setEntrance: procedure
    .input(z.strictObject({ entrance: z.enum(entrances), isOpen: z.boolean() }))
    .mutation(async ({ ctx, input }): Promise<readonly EntranceView[]> => {
      const setting = closingSetting(ctx, input.entrance);
      if (input.isOpen && setting !== null) {
        const fields = [{ path: "isOpen", message: `must be false while ${setting} is false` }];
        throw new DarkroomError(
          "INPUT_INVALID",
          `The setting ${setting} keeps this closed. Set it to true and restart the web processes.`,
          { fields },
        );
      }
      await setEntrance(ctx.database, { ...input, ownerId: ctx.principal.ownerId });
      ctx.admission.changed();
      ctx.log.info({ ...input, ownerId: ctx.principal.ownerId }, "entrance switched");
      return entranceViews(ctx);
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

async function entranceViews(ctx: Context): Promise<readonly EntranceView[]> {
  const switches = await readEntrances(ctx.database);
  return entrances.map((entrance) => {
    const { isOpen, ...change } = switches[entrance];
    const closedBySetting = closingSetting(ctx, entrance);
    return { entrance, isOpen: isOpen && closedBySetting === null, closedBySetting, ...change };
  });
}

/** The setting that closes an entrance, whatever operators switch; null: none does. */
function closingSetting({ admission }: Context, entrance: Entrance): EntranceView["closedBySetting"] {
  const { guests, signUp, accounts, gallery } = admission.allowed;
  if (entrance === "gallery") return gallery ? null : "GALLERY_ENABLED";
  if (entrance === "guests") return guests ? null : "GUESTS_ENABLED";
  if (!accounts) return "ACCOUNTS_ENABLED";
  return signUp ? null : "SIGN_UP_ENABLED";
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
