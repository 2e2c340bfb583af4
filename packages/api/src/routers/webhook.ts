import { DarkroomError, newId } from "@darkroom/contracts";
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
import { webhookSecretOf } from "../access/webhook-secret.ts";
import type {
  DeliveryView,
  Page,
  Redelivery,
  RemovedWebhook,
  WebhookView,
  WebhookWithSecret,
} from "../answers/index.ts";
import { createWebhookInput, idInput, pageInput, updateWebhookInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const webhookRouter = router({
  list: procedure.query(async ({ ctx }): Promise<Page<WebhookView>> => {
    const items = await listWebhooks(ctx.database, ctx.principal.ownerIds);
    return { items: items.map(viewOf), nextCursor: null };
  }),

  create: procedure.input(createWebhookInput).mutation(async ({ ctx, input }): Promise<WebhookWithSecret> => {
    const { url, events = null, workflows = null } = input;
    const { ownerId } = ctx.principal;
    const stored = await insertWebhook(ctx.database, { webhookId: newId(), ownerId, url, events, workflows });
    return { ...viewOf(stored), secret: webhookSecretOf(stored, ctx.webhookKey) };
  }),

  update: procedure.input(updateWebhookInput).mutation(async ({ ctx, input }): Promise<WebhookWithSecret> => {
    const { enabled, rotateSecret = false, webhookId, url, events, workflows } = input;
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

function viewOf({ webhookId, url, events, workflows, isEnabled, createdAt }: StoredWebhook): WebhookView {
  return { webhookId, url, events, workflows, enabled: isEnabled, createdAt };
}

const noWebhook = (): DarkroomError => new DarkroomError("NOT_FOUND", "There is no such webhook.");
