import { DarkroomError, hasRole, outputUrl, type SharedFact, sharePageUrl, shareUrl } from "@darkroom/contracts";
import { type GalleryShelf, listShared, type SharedPicture, sharedPicture } from "@darkroom/db";
import { shareHashOf } from "../access/share-secret.ts";
import type { Page, SharedPictureView } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { tokenOf } from "./share-output.ts";

/**
 * The gallery, newest first; for operators also what was reported, and what they took down.
 *
 * @throws DarkroomError `FORBIDDEN`: the gallery is closed, or the list is for operators
 */
export async function galleryPage(
  ctx: Context,
  { shelf, limit, cursor }: { shelf: GalleryShelf; limit: number; cursor?: string | null | undefined },
): Promise<Page<SharedPictureView>> {
  if (shelf === "published" && !(await ctx.admission.now()).gallery)
    throw new DarkroomError("FORBIDDEN", "The gallery is closed.");
  if (shelf !== "published" && !hasRole(ctx.principal.role, "operator"))
    throw new DarkroomError("FORBIDDEN", "Only operators see what was reported or taken down.", {
      fields: [{ path: "shelf", message: "must be published" }],
    });
  const { items, nextCursor } = await listShared(ctx.database, { shelf, limit, cursor: cursor ?? null });
  const views = items.flatMap((picture) => {
    const token = tokenOf(ctx, picture);
    // What was taken down stays on that shelf, also when its owner shares it no longer: operators see the file itself.
    if (token === null && shelf !== "hidden") return [];
    const file = outputUrl(picture.outputId);
    return [token === null ? { ...viewOf(ctx, picture, ""), url: file, pageUrl: file } : viewOf(ctx, picture, token)];
  });
  return { items: views, nextCursor };
}

/** @throws DarkroomError `NOT_FOUND`: it is not shared, not any more, or an operator took it down */
export async function sharedByToken(ctx: Context, token: string): Promise<SharedPictureView> {
  const picture = await sharedPicture(ctx.database, shareHashOf(token));
  const isVisible = picture?.hiddenAt === null || hasRole(ctx.principal.role, "operator");
  if (picture === null || !isVisible)
    throw new DarkroomError("NOT_FOUND", "This picture is not shared, or not any more.");
  return viewOf(ctx, picture, token);
}

/** What its owner tells, and nothing else. */
function viewOf({ principal }: Context, picture: SharedPicture, token: string): SharedPictureView {
  const { facts, inputs, seed, workflow, ownerName } = picture;
  const tells = new Set(facts);
  return {
    token,
    url: shareUrl(token),
    pageUrl: sharePageUrl(token),
    width: picture.width,
    height: picture.height,
    prompt: tells.has("prompt") && typeof inputs.prompt === "string" ? inputs.prompt : null,
    seed: tells.has("seed") ? seed : null,
    settings: tells.has("settings") ? { workflow, inputs: settingsOf(picture, tells) } : null,
    by: tells.has("name") ? ownerName : null,
    publishedAt: picture.publishedAt?.toISOString() ?? null,
    isOwn: principal.ownerIds.includes(picture.ownerId),
    moderation: hasRole(principal.role, "operator") ? moderationOf(picture) : null,
  };
}

/**
 * Without what has a fact of its own, and without files, which are the owner's alone. What was written beside the prompt is told
 * with it alone, a second seed with the first.
 */
function settingsOf({ inputs, kinds }: SharedPicture, tells: ReadonlySet<SharedFact>): SharedPicture["inputs"] {
  const isTold = (kind: string | undefined): boolean =>
    kind === "text" ? tells.has("prompt") : kind === "seed" ? tells.has("seed") : true;
  const shown = Object.entries(inputs).filter(
    ([name, value]) => name !== "prompt" && name !== "seed" && typeof value !== "object" && isTold(kinds[name]),
  );
  return Object.fromEntries(shown);
}

function moderationOf({ outputId, ownerId, reports, reasons, hiddenAt, hiddenReason }: SharedPicture) {
  return { outputId, ownerId, reports, reasons, hiddenAt: hiddenAt?.toISOString() ?? null, hiddenReason };
}
