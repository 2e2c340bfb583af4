import type { FeedEvent } from "@darkroom/contracts";
import type { WebhookDelivery } from "@darkroom/db";

/** An address that is told of the caller's events. */
export interface WebhookView {
  readonly webhookId: string;
  readonly url: string;
  /** Which events it is told of; null: all. */
  readonly events: readonly FeedEvent["type"][] | null;
  /** Of which workflows, by slug; null: of all. */
  readonly workflows: readonly string[] | null;
  /** False: its owner switched it off, or it answered that it is gone (410). */
  readonly enabled: boolean;
  readonly createdAt: string;
}

/** The only times that the secret is shown: when a webhook is made, and when its secret is made anew. */
export interface WebhookWithSecret extends WebhookView {
  /** `whsec_…`; messages are signed with it as Standard Webhooks say. Null where it did not change. */
  readonly secret: string | null;
}

/** One event for one address. */
export type DeliveryView = WebhookDelivery;

/** The answer of `webhook.remove`. */
export interface RemovedWebhook {
  readonly webhookId: string;
  readonly removed: true;
}

/** The answer of `webhook.redeliver`. */
export interface Redelivery {
  readonly deliveryId: string;
  readonly state: "waiting";
}
