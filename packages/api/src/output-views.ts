import { DarkroomError } from "@darkroom/contracts";
import { listOutputs, outputById as readOutput } from "@darkroom/db";
import type { OutputView, Page } from "./answers.ts";
import type { Context } from "./context.ts";
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
