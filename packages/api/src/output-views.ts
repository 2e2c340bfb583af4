import { randomBytes } from "node:crypto";
import { DarkroomError, shareUrl } from "@darkroom/contracts";
import { listOutputs, outputFile, outputById as readOutput, shareOutput } from "@darkroom/db";
import type { OutputView, Page } from "./answers.ts";
import type { Context } from "./context.ts";
import { shareHashOf } from "./share-hash.ts";
import { visibleOwners } from "./visibility.ts";

/** The caller's own outputs, newest first. */
export function outputPage(
  ctx: Context,
  filter: {
    cursor?: string | null | undefined;
    limit: number;
    workflow?: string | undefined;
    kind?: OutputView["kind"] | undefined;
  },
): Promise<Page<OutputView>> {
  const { cursor, limit, workflow, kind } = filter;
  return listOutputs(ctx.database, {
    ownerIds: ctx.principal.ownerIds,
    limit,
    cursor: cursor ?? null,
    ...(workflow === undefined ? {} : { workflow }),
    ...(kind === undefined ? {} : { kind }),
  });
}

export async function outputById(ctx: Context, outputId: string): Promise<OutputView> {
  const output = await readOutput(ctx.database, { outputId, ownerIds: visibleOwners(ctx.principal) });
  if (output === null) throw new DarkroomError("NOT_FOUND", "There is no such output.");
  return output;
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
  if (shared && output.kind !== "image") {
    const fields = [{ path: "outputId", message: "is no still picture" }];
    throw new DarkroomError("INPUT_INVALID", "Only still pictures can be shared.", { fields });
  }
  const token = shared ? randomBytes(24).toString("base64url") : null;
  await shareOutput(ctx.database, { outputId, hash: token === null ? null : shareHashOf(token) });
  return { outputId, url: token === null ? null : shareUrl(token) };
}
