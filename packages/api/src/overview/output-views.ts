import { randomBytes } from "node:crypto";
import { DarkroomError, shareUrl } from "@darkroom/contracts";
import { type ListedOutput, listOutputs, outputFile, outputById as readOutput, shareOutput } from "@darkroom/db";
import { shareHashOf, shareTokenOf } from "../access/share-secret.ts";
import { visibleOwners } from "../access/visibility.ts";
import type { OutputView, Page } from "../answers/index.ts";
import type { Context } from "../context.ts";

/** The caller's own outputs, newest first. */
export async function outputPage(
  ctx: Context,
  filter: {
    cursor?: string | null | undefined;
    limit: number;
    workflow?: string | undefined;
    kind?: OutputView["kind"] | undefined;
    jobId?: string | undefined;
  },
): Promise<Page<OutputView>> {
  const { cursor, limit, workflow, kind, jobId } = filter;
  const { items, nextCursor } = await listOutputs(ctx.database, {
    ownerIds: ctx.principal.ownerIds,
    limit,
    cursor: cursor ?? null,
    ...(workflow === undefined ? {} : { workflow }),
    ...(kind === undefined ? {} : { kind }),
    ...(jobId === undefined ? {} : { jobId }),
  });
  return { items: items.map((output) => viewOf(ctx, output)), nextCursor };
}

/** @throws DarkroomError `NOT_FOUND`, also for what belongs to somebody else */
export async function outputById(ctx: Context, outputId: string): Promise<OutputView> {
  const output = await readOutput(ctx.database, { outputId, ownerIds: visibleOwners(ctx.principal) });
  if (output === null) throw new DarkroomError("NOT_FOUND", "There is no such output.");
  return viewOf(ctx, output);
}

/** An operator sees everyone's outputs, but at which addresses they are shared is for their owners to know. */
function viewOf(
  { principal, shareKey, earlierShareKeys }: Context,
  { ownerId, share, ...output }: ListedOutput,
): OutputView {
  if (share === null || !principal.ownerIds.includes(ownerId)) return { ...output, share: null };
  const { nonce, hash } = share;
  const tokens = nonce === null ? [] : [shareKey, ...earlierShareKeys].map((key) => shareTokenOf(nonce, key));
  const token = tokens.find((one) => shareHashOf(one) === hash);
  return { ...output, share: { url: token === undefined ? null : shareUrl(token) } };
}

/**
 * Gives a picture of the caller's an address at which anyone may see it, without what ComfyUI wrote into it. Each call
 * makes another address and ends the one before; with `shared: false` there is none any more.
 */
export async function setShared(
  ctx: Context,
  { outputId, shared }: { outputId: string; shared: boolean },
): Promise<{ outputId: string; url: string | null }> {
  const output = await outputFile(ctx.database, { outputId, ownerIds: ctx.principal.ownerIds });
  if (output === null) throw new DarkroomError("NOT_FOUND", "There is no such output.");
  if (!shared) {
    await shareOutput(ctx.database, { outputId, share: null });
    return { outputId, url: null };
  }
  if (output.kind !== "image") {
    const fields = [{ path: "outputId", message: "is no still picture" }];
    throw new DarkroomError("INPUT_INVALID", "Only still pictures can be shared.", { fields });
  }
  const nonce = randomBytes(24).toString("base64url");
  const token = shareTokenOf(nonce, ctx.shareKey);
  await shareOutput(ctx.database, { outputId, share: { hash: shareHashOf(token), nonce } });
  return { outputId, url: shareUrl(token) };
}
