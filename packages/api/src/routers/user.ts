import { DarkroomError, roles } from "@darkroom/contracts";
import { listOwners, setRole } from "@darkroom/db";
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
    .input(z.strictObject({ ownerId: idInput, role: z.enum(roles).exclude(["guest"]) }))
    .mutation(async ({ ctx, input }): Promise<{ ownerId: string; role: "member" | "operator" | "admin" }> => {
      // An installation whose last admin demotes themselves could only be repaired with SQL.
      if (ctx.principal.ownerIds.includes(input.ownerId)) {
        throw new DarkroomError("FORBIDDEN", "You cannot change your own role.");
      }
      const done = await setRole(ctx.database, input);
      if (done === null) throw new DarkroomError("NOT_FOUND", "There is no such account.");
      return input;
    }),
});

async function userPage(
  { database }: Context,
  { cursor, limit }: { cursor?: string | null | undefined; limit: number },
): Promise<Page<UserView>> {
  const page = await listOwners(database, { limit, cursor: cursor ?? null });
  const items = page.items.map(({ ownerId, kind, displayName, role, createdAt, lastSeen }) => ({
    ownerId,
    kind,
    displayName,
    role,
    createdAt,
    lastSeenAt: lastSeen,
  }));
  return { items, nextCursor: page.nextCursor };
}
