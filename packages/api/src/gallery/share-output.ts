import { randomBytes } from "node:crypto";
import { DarkroomError, type SharedFact, sharePageUrl, shareUrl } from "@darkroom/contracts";
import { describeShare, type ListedOutput, type OutputShare, outputById, shareOutput } from "@darkroom/db";
import { shareHashOf, shareTokenOf } from "../access/share-secret.ts";
import type { Shared, ShareView } from "../answers/index.ts";
import type { Context } from "../context.ts";

export interface ShareRequest {
  readonly outputId: string;
  readonly shared: boolean;
  readonly facts?: readonly SharedFact[] | undefined;
  readonly gallery?: boolean | undefined;
}

/**
 * Gives a picture of the caller's an address at which anyone may see it, with the facts that they name and without what
 * ComfyUI wrote into it, and puts it into the gallery or takes it out. A call that names neither facts nor gallery makes another
 * address and ends the one before; with `shared: false` there is none any more.
 *
 * @throws DarkroomError `NOT_FOUND`, `INPUT_INVALID` (no still picture), `FORBIDDEN` (taken down, the gallery is closed, or an API
 * key would put it there)
 */
export async function setShared(ctx: Context, request: ShareRequest): Promise<Shared> {
  const { outputId, shared, facts, gallery } = request;
  const output = await outputById(ctx.database, { outputId, ownerIds: ctx.principal.ownerIds });
  if (output === null) throw new DarkroomError("NOT_FOUND", "There is no such output.");
  if (!shared) {
    await shareOutput(ctx.database, { outputId, share: null });
    return { outputId, url: null, pageUrl: null, facts: [], isPublished: false };
  }
  await assertMayShare(ctx, output, request);
  const isDescribed = facts !== undefined || gallery !== undefined;
  if (!isDescribed || tokenOf(ctx, output.share) === null) await shareAnew(ctx, outputId);
  if (isDescribed) await describeShare(ctx.database, { outputId, facts: facts ?? null, isPublished: gallery ?? null });
  const now = await outputById(ctx.database, { outputId, ownerIds: ctx.principal.ownerIds });
  if (now?.share == null) throw new DarkroomError("NOT_FOUND", "There is no such output any more.");
  return { outputId, ...shareView(ctx, now.share) };
}

async function assertMayShare(ctx: Context, { kind, hidden }: ListedOutput, { gallery }: ShareRequest): Promise<void> {
  // Whoever made a key for a program that makes pictures did not mean that it shows them to everybody.
  if (gallery === true && ctx.principal.kind === "apiKey") {
    throw new DarkroomError("FORBIDDEN", "API keys cannot do this; sign in instead.", {
      fields: [{ path: "gallery", message: "must be false for an API key" }],
    });
  }
  if (kind !== "image") {
    const fields = [{ path: "outputId", message: "is no still picture" }];
    throw new DarkroomError("INPUT_INVALID", "Only still pictures can be shared.", { fields });
  }
  if (hidden !== null) {
    const why = hidden.reason === null ? "" : ` ${hidden.reason}`;
    throw new DarkroomError("FORBIDDEN", `An operator took this picture down, so it cannot be shared.${why}`);
  }
  if (gallery === true && !(await ctx.admission.now()).gallery) {
    throw new DarkroomError("FORBIDDEN", "The gallery is closed.", {
      fields: [{ path: "gallery", message: "must be false while the gallery is closed" }],
    });
  }
}

async function shareAnew(ctx: Context, outputId: string): Promise<void> {
  const nonce = randomBytes(24).toString("base64url");
  const hash = shareHashOf(shareTokenOf(nonce, ctx.shareKey));
  await shareOutput(ctx.database, { outputId, share: { hash, nonce } });
}

/** The secret of an address that there is; null where it is not known any more. */
export function tokenOf(
  { shareKey, earlierShareKeys }: Context,
  share: { readonly hash: string | null; readonly nonce: string | null } | null,
): string | null {
  if (share?.nonce == null) return null;
  const { nonce, hash } = share;
  const tokens = [shareKey, ...earlierShareKeys].map((key) => shareTokenOf(nonce, key));
  return tokens.find((token) => shareHashOf(token) === hash) ?? null;
}

/** How a picture is shared, as its owner is told. */
export function shareView(ctx: Context, share: OutputShare): ShareView {
  const token = tokenOf(ctx, share);
  const at = token === null ? { url: null, pageUrl: null } : { url: shareUrl(token), pageUrl: sharePageUrl(token) };
  return { ...at, facts: share.facts, isPublished: share.publishedAt !== null };
}
