import { DarkroomError, type ReportReason } from "@darkroom/contracts";
import { hideShared, reportShared, sharedOutput } from "@darkroom/db";
import { shareHashOf } from "../access/share-secret.ts";
import type { Context } from "../context.ts";

/**
 * Tells operators that something is wrong with a shared picture. Who reports it again changes their report.
 *
 * @throws DarkroomError `NOT_FOUND`, `RATE_LIMITED`
 */
export async function reportPicture(
  ctx: Context,
  { token, reason, details }: { token: string; reason: ReportReason; details?: string | undefined },
): Promise<{ reported: true }> {
  const output = await sharedOutput(ctx.database, shareHashOf(token));
  if (output === null) throw new DarkroomError("NOT_FOUND", "This picture is not shared, or not any more.");
  const { principal, addressKey } = ctx;
  // A guest is another one with every new cookie.
  const reporter = principal.role === "guest" && addressKey !== null ? addressKey : principal.ownerId;
  const report = { outputId: output.outputId, reporter, reason, details: details ?? null };
  if (!(await reportShared(ctx.database, report)))
    throw new DarkroomError("RATE_LIMITED", "You have reported many pictures. Try again in an hour.", {
      retryAfterSeconds: 3600,
    });
  ctx.log.info({ outputId: output.outputId, reason, ownerId: principal.ownerId }, "shared picture reported");
  return { reported: true };
}

/**
 * Takes a picture down, so that nobody but its owner sees it and it cannot be shared again, or lets it be. Its reports are
 * decided either way.
 *
 * @throws DarkroomError `NOT_FOUND`
 */
export async function hidePicture(
  ctx: Context,
  { outputId, hidden, reason }: { outputId: string; hidden: boolean; reason?: string | undefined },
): Promise<{ outputId: string; hidden: boolean }> {
  if (!(await hideShared(ctx.database, { outputId, isHidden: hidden, reason: reason ?? null })))
    throw new DarkroomError("NOT_FOUND", "There is no such output.");
  return { outputId, hidden };
}
