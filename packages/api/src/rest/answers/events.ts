import { customEventTypeSchema, durableEventTypes, EXTENSIBLE } from "@darkroom/contracts";
import { z } from "zod";
import { named, pageOf, time } from "./components.ts";

/** More types of event may be added at any time. */
const eventType = z.union([z.enum(durableEventTypes), customEventTypeSchema]).meta({
  [EXTENSIBLE]: true,
  description: "A type of event: one of ours, of which more may come, or one that a service added.",
});

export const publishedEvent = named(
  "PublishedEvent",
  z.object({ eventId: z.string(), type: customEventTypeSchema, durable: z.boolean(), at: time }),
);

export const pushSubscribed = named("PushSubscribed", z.object({ subscribed: z.literal(true) }));
export const pushUnsubscribed = named("PushUnsubscribed", z.object({ removed: z.boolean() }));

const webhook = {
  webhookId: z.string(),
  url: z.string(),
  events: z.array(eventType).nullable(),
  workflows: z.array(z.string()).nullable(),
  enabled: z.boolean(),
  createdAt: time,
};
export const webhookPage = pageOf("WebhookPage", z.object(webhook));
export const webhookWithSecret = named("WebhookWithSecret", z.object({ ...webhook, secret: z.string().nullable() }));
export const removedWebhook = named("RemovedWebhook", z.object({ webhookId: z.string(), removed: z.literal(true) }));
export const deliveryPage = pageOf(
  "DeliveryPage",
  z.object({
    deliveryId: z.string(),
    webhookId: z.string(),
    jobId: z.string().nullable(),
    type: eventType,
    state: z.enum(["waiting", "delivered", "failed"]),
    attempts: z.int(),
    createdAt: time,
    nextAt: time.nullable(),
    sentAt: time.nullable(),
    request: z.string().nullable(),
    status: z.int().nullable(),
    answer: z.string().nullable(),
    latencyMs: z.int().nullable(),
  }),
);
export const redelivery = named("Redelivery", z.object({ deliveryId: z.string(), state: z.literal("waiting") }));
