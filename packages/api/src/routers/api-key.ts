import { generateApiKey } from "@darkroom/auth";
import { apiKeyScopes, DarkroomError, newId } from "@darkroom/contracts";
import { insertApiKey, listApiKeys, revokeApiKey, type StoredApiKey } from "@darkroom/db";
import { z } from "zod";
import type { ApiKeyView, CreatedApiKey, Page } from "../answers/index.ts";
import { idInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";
import { untilWrong } from "../until-wrong.ts";

const createInput = z.strictObject({
  name: z.string().trim().min(1).max(60),
  scopes: untilWrong(z.array(z.enum(apiKeyScopes)).min(1))
    .default([...apiKeyScopes])
    .transform((scopes) => [...new Set(scopes)]),
});

export const apiKeyRouter = router({
  list: procedure.query(async ({ ctx }): Promise<Page<ApiKeyView>> => {
    const items = await listApiKeys(ctx.database, ctx.principal.ownerIds);
    return { items: items.map(viewOf), nextCursor: null };
  }),

  create: procedure.input(createInput).mutation(async ({ ctx, input }): Promise<CreatedApiKey> => {
    const { key, prefix, hash } = generateApiKey();
    const stored = await insertApiKey(ctx.database, {
      apiKeyId: newId(),
      ownerId: ctx.principal.ownerId,
      name: input.name,
      prefix,
      hash,
      scopes: input.scopes,
    });
    return { ...viewOf(stored), key };
  }),

  revoke: procedure
    .input(z.strictObject({ apiKeyId: idInput }))
    .mutation(async ({ ctx, input }): Promise<{ apiKeyId: string; revoked: true }> => {
      const revoked = await revokeApiKey(ctx.database, { apiKeyId: input.apiKeyId, ownerIds: ctx.principal.ownerIds });
      if (!revoked) throw new DarkroomError("NOT_FOUND", "There is no such API key.");
      return { apiKeyId: input.apiKeyId, revoked: true };
    }),
});

function viewOf({ apiKeyId, name, prefix, scopes, createdAt, lastUsedAt, revokedAt }: StoredApiKey): ApiKeyView {
  return { apiKeyId, name, prefix, scopes, createdAt, lastUsedAt, revokedAt };
}
