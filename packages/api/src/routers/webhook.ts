import { DarkroomError, hasRole, newId } from "@darkroom/contracts";
import {
  insertWebhook,
  listDeliveries,
  listWebhooks,
  redeliver,
  removeWebhook,
  type StoredWebhook,
  updateWebhook,
} from "@darkroom/db";
import { z } from "zod";
import { assertCallable } from "../access/assert-callable.ts";
import { webhookSecretOf } from "../access/webhook-secret.ts";
import type {
  DeliveryView,
  Page,
  Redelivery,
  RemovedWebhook,
  WebhookView,
  WebhookWithSecret,
} from "../answers/index.ts";
import type { Context } from "../context.ts";
import { createWebhookInput, idInput, pageInput, updateWebhookInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";
import { findWorkflow } from "../workflows/find-workflow.ts";

export const webhookRouter = router({
  list: procedure.query(async ({ ctx }): Promise<Page<WebhookView>> => {
    const items = await listWebhooks(ctx.database, ctx.principal.ownerIds);
    return { items: items.map(viewOf), nextCursor: null };
  }),

  create: procedure.input(createWebhookInput).mutation(async ({ ctx, input }): Promise<WebhookWithSecret> => {
    const { url, events = null } = input;
    assertCallable(ctx, "url", url);
    assertMayHear(ctx, events);
    const workflows = await slugsOf(ctx, input.workflows ?? null);
    const { ownerId } = ctx.principal;
    const stored = await insertWebhook(ctx.database, { webhookId: newId(), ownerId, url, events, workflows });
    return { ...viewOf(stored), secret: webhookSecretOf(stored, ctx.webhookKey) };
  }),

  update: procedure.input(updateWebhookInput).mutation(async ({ ctx, input }): Promise<WebhookWithSecret> => {
    const { enabled, rotateSecret = false, webhookId, url, events } = input;
    if (url !== undefined) assertCallable(ctx, "url", url);
    assertMayHear(ctx, events ?? null);
    const workflows = input.workflows === undefined ? undefined : await slugsOf(ctx, input.workflows);
    const stored = await updateWebhook(ctx.database, {
      webhookId,
      ownerIds: ctx.principal.ownerIds,
      rotate: rotateSecret,
      ...(url !== undefined && { url }),
      ...(events !== undefined && { events }),
      ...(workflows !== undefined && { workflows }),
      ...(enabled !== undefined && { isEnabled: enabled }),
    });
    if (stored === null) throw noWebhook();
    return { ...viewOf(stored), secret: rotateSecret ? webhookSecretOf(stored, ctx.webhookKey) : null };
  }),

  remove: procedure
    .input(z.strictObject({ webhookId: idInput }))
    .mutation(async ({ ctx, input: { webhookId } }): Promise<RemovedWebhook> => {
      const isRemoved = await removeWebhook(ctx.database, { webhookId, ownerIds: ctx.principal.ownerIds });
      if (!isRemoved) throw noWebhook();
      return { webhookId, removed: true };
    }),

  deliveries: procedure
    .input(z.strictObject({ webhookId: idInput, ...pageInput }))
    .query(async ({ ctx, input }): Promise<Page<DeliveryView>> => {
      const { webhookId, cursor, limit } = input;
      const { ownerIds } = ctx.principal;
      const page = await listDeliveries(ctx.database, { webhookId, ownerIds, cursor, limit });
      if (page === null) throw noWebhook();
      return page;
    }),

  redeliver: procedure
    .input(z.strictObject({ deliveryId: idInput }))
    .mutation(async ({ ctx, input: { deliveryId } }): Promise<Redelivery> => {
      const isFound = await redeliver(ctx.database, { deliveryId, ownerIds: ctx.principal.ownerIds });
      if (!isFound) throw new DarkroomError("NOT_FOUND", "There is no such delivery.");
      return { deliveryId, state: "waiting" };
    }),
});

/** Alerts are told to operators alone: who asks for them by name would wait for ever. @throws DarkroomError `FORBIDDEN` */
function assertMayHear({ principal }: Context, events: readonly string[] | null): void {
  if (hasRole(principal.role, "operator")) return;
  const fields = (events ?? []).flatMap((event, place) =>
    event.startsWith("alert.") ? [{ path: `events.${place}`, message: "needs the role operator" }] : [],
  );
  if (fields.length > 0) throw new DarkroomError("FORBIDDEN", "Only operators are told of alerts.", { fields });
}

/** Workflows that are named by slug or id, by their slugs. @throws DarkroomError `WORKFLOW_NOT_FOUND` with the place */
async function slugsOf(ctx: Context, workflows: readonly string[] | null): Promise<string[] | null> {
  if (workflows === null) return null;
  const slugOf = async (workflow: string, place: number): Promise<string> => {
    try {
      return (await findWorkflow(ctx, { workflow })).definition.slug;
    } catch (error) {
      if (!(error instanceof DarkroomError) || error.code !== "WORKFLOW_NOT_FOUND") throw error;
      const fields = [{ path: `workflows.${place}`, message: "does not exist" }];
      throw new DarkroomError(error.code, `There is no workflow “${workflow}”.`, { fields });
    }
  };
  return Promise.all(workflows.map(slugOf));
}

function viewOf({ webhookId, url, events, workflows, isEnabled, createdAt }: StoredWebhook): WebhookView {
  return { webhookId, url, events, workflows, enabled: isEnabled, createdAt };
}

const noWebhook = (): DarkroomError => new DarkroomError("NOT_FOUND", "There is no such webhook.");
