"use client";

import { useQuery } from "@tanstack/react-query";
import type { RouterOutputs } from "../../client.ts";
import { useServices } from "../../provider.tsx";
import { trpc } from "../../react-hooks.tsx";
import { type Refusal, toRefusal } from "../../refusal.ts";
import { type Removal, useRemoval } from "../jobs/use-remove.ts";

export type WebhookView = RouterOutputs["webhook"]["list"]["items"][number];
export type WebhookDelivery = RouterOutputs["webhook"]["deliveries"]["items"][number];
type Settings = Parameters<ReturnType<typeof trpc.webhook.create.useMutation>["mutate"]>[0];

/** The addresses that are told of the visitor's events, oldest first; undefined until the first answer. */
export function useWebhooks() {
  const query = trpc.webhook.list.useQuery();
  return { webhooks: query.data?.items, error: query.error, retry: () => void query.refetch() };
}

/** Makes a webhook. `created` holds its secret, which nobody can read again, until `forget`. */
export function useCreateWebhook() {
  const utils = trpc.useUtils();
  const mutation = trpc.webhook.create.useMutation({ onSuccess: () => utils.webhook.list.invalidate() });
  return {
    created: mutation.data ?? null,
    isBusy: mutation.isPending,
    refusal: mutation.error === null ? null : (toRefusal(mutation.error) satisfies Refusal),
    create: (settings: Settings, onSuccess: () => void) => mutation.mutate(settings, { onSuccess }),
    forget: mutation.reset,
  };
}

/** Switches a webhook on or off, or gives it a new secret, which `secret` holds until `forget`. */
export function useUpdateWebhook(webhookId: string) {
  const utils = trpc.useUtils();
  const mutation = trpc.webhook.update.useMutation({ onSuccess: () => utils.webhook.list.invalidate() });
  return {
    secret: mutation.data?.secret ?? null,
    isBusy: mutation.isPending,
    refusal: mutation.error === null ? null : (toRefusal(mutation.error) satisfies Refusal),
    setEnabled: (enabled: boolean) => mutation.mutate({ webhookId, enabled }),
    rotate: () => mutation.mutate({ webhookId, rotateSecret: true }),
    forget: mutation.reset,
  };
}

export function useRemoveWebhook(webhookId: string): Removal {
  const { client } = useServices();
  const utils = trpc.useUtils();
  return useRemoval(
    () => client.webhook.remove.mutate({ webhookId }),
    () => utils.webhook.list.invalidate(),
  );
}

/** How often the log is read again while somebody looks at it. */
const LOG_MS = 3000;

/** What was last sent to a webhook, newest first; undefined until the first answer. */
export function useDeliveries(webhookId: string) {
  const { client } = useServices();
  const utils = trpc.useUtils();
  const query = useQuery({
    queryKey: ["deliveries", webhookId],
    // Asked together, and so answered together: a webhook that another tab removed leaves the list, and its log is asked for no more.
    // Asked for alone it would be an error in the browser's console, again and again.
    queryFn: async () => {
      const [list, log] = await Promise.allSettled([
        client.webhook.list.query(),
        client.webhook.deliveries.query({ webhookId, limit: 20 }),
      ]);
      if (list.status === "fulfilled") utils.webhook.list.setData(undefined, list.value);
      if (log.status === "rejected") throw log.reason;
      return log.value;
    },
    refetchInterval: LOG_MS,
  });
  const mutation = trpc.webhook.redeliver.useMutation({ onSuccess: () => query.refetch() });
  return {
    deliveries: query.data?.items,
    isBusy: mutation.isPending,
    redeliver: (deliveryId: string) => mutation.mutate({ deliveryId }),
  };
}
