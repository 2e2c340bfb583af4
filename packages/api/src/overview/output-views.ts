import { DarkroomError } from "@darkroom/contracts";
import { type ListedOutput, listOutputs, outputById as readOutput } from "@darkroom/db";
import { visibleOwners } from "../access/visibility.ts";
import type { OutputView, Page } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { shareView } from "../gallery/share-output.ts";

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
function viewOf(ctx: Context, { ownerId, share, hidden, ...output }: ListedOutput): OutputView {
  if (!ctx.principal.ownerIds.includes(ownerId)) return { ...output, share: null, hidden: null };
  return { ...output, share: share === null ? null : shareView(ctx, share), hidden };
}
