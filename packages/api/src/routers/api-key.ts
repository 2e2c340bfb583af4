import { generateApiKey } from "@darkroom/auth";
import { apiKeyScopes, DarkroomError, newId } from "@darkroom/contracts";
import { insertApiKey, listApiKeys, revokeApiKey } from "@darkroom/db";
import { z } from "zod";
import type { ApiKeyView, CreatedApiKey, Page } from "../answers.ts";
import { idInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

const createInput = z.strictObject({
  name: z.string().trim().min(1).max(60),
  scopes: z
    .array(z.enum(apiKeyScopes))
    .min(1)
    .default([...apiKeyScopes]),
});

export const apiKeyRouter = router({
  list: procedure("member", "session").query(async ({ ctx }): Promise<Page<ApiKeyView>> => {
    const items = await listApiKeys(ctx.database, { ownerId: ctx.principal.ownerId });
    return { items, nextCursor: null };
  }),

  create: procedure("member", "session")
    .input(createInput)
    .mutation(async ({ ctx, input }): Promise<CreatedApiKey> => {
      const { key, prefix, hash } = generateApiKey();
      const stored = await insertApiKey(ctx.database, {
        apiKeyId: newId(),
        ownerId: ctx.principal.ownerId,
        name: input.name,
        prefix,
        hash,
        scopes: input.scopes,
      });
      return { ...stored, key };
    }),

  revoke: procedure("member", "session")
    .input(z.strictObject({ apiKeyId: idInput }))
    .mutation(async ({ ctx, input }): Promise<{ apiKeyId: string; revoked: true }> => {
      const revoked = await revokeApiKey(ctx.database, { apiKeyId: input.apiKeyId, ownerId: ctx.principal.ownerId });
      if (!revoked) throw new DarkroomError("NOT_FOUND", "There is no such API key.");
      return { apiKeyId: input.apiKeyId, revoked: true };
    }),
});
