import { DarkroomError } from "@darkroom/contracts";
import {
  changedRules,
  PREVIEW_SECONDS,
  previewRetention,
  type RetentionChanges,
  readRetention,
  retentionKinds,
  setRetention,
  withinDays,
} from "@darkroom/db";
import type { RetentionPreview, RetentionView } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { retentionInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const retentionRouter = router({
  preview: procedure.input(retentionInput.prefault({})).query(async ({ ctx, input }): Promise<RetentionPreview> => {
    assertWithinDays(ctx, input);
    const view = await retentionView(ctx, input);
    return { ...view, losses: await previewRetention(ctx.database, view.rules) };
  }),

  set: procedure.input(retentionInput).mutation(async ({ ctx, input }): Promise<RetentionView> => {
    assertWithinDays(ctx, input);
    const { previews, ...changes } = input;
    await setRetention(ctx.database, { changes, previewSeconds: previews?.seconds, ownerId: ctx.principal.ownerId });
    return retentionView(ctx, {});
  }),
});

type Changes = RetentionChanges & { readonly previews?: { readonly seconds: number | null } | undefined };

/** The rules as they hold, with these changes. */
async function retentionView(
  { database, retentionDays }: Context,
  { previews, ...changes }: Changes,
): Promise<RetentionView> {
  const { rules, previewSeconds, changedAt, changedBy } = await readRetention(database);
  const seconds = previews === undefined ? previewSeconds : (previews.seconds ?? PREVIEW_SECONDS);
  return {
    rules: withinDays(changedRules(rules, changes), retentionDays),
    previews: { seconds },
    ...{ most: retentionDays, changedAt, changedBy },
  };
}

/** The setting that says how many days are the most; operators keep nothing for longer. */
const settingOf = { jobs: "HISTORY_DAYS", uploads: "UPLOAD_DAYS" } as const;

function assertWithinDays({ retentionDays: most }: Context, changes: RetentionChanges): void {
  const fields = retentionKinds.flatMap((kind) => {
    const [days, bound] = [changes[kind]?.days ?? null, most[kind]];
    if (days === null || bound === null || days <= bound) return [];
    const setting = kind === "jobs" || kind === "uploads" ? `, as the setting ${settingOf[kind]} says` : "";
    return [{ path: `${kind}.days`, message: `must be at most ${bound}${setting}` }];
  });
  const [field] = fields;
  if (field !== undefined) throw new DarkroomError("INPUT_INVALID", `${field.path} ${field.message}.`, { fields });
}
