import { newId } from "@darkroom/contracts";
import { ensureOwner, removePushSubscription, savePushSubscription } from "@darkroom/db";
import { assertCallable } from "../access/assert-callable.ts";
import { ownerKindOf } from "../access/owner-kind.ts";
import type { PushSubscribed, PushUnsubscribed } from "../answers/index.ts";
import { pushSubscribeInput, pushUnsubscribeInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const pushRouter = router({
  subscribe: procedure.input(pushSubscribeInput).mutation(async ({ ctx, input }): Promise<PushSubscribed> => {
    const { endpoint, keys } = input;
    assertCallable(ctx, "endpoint", endpoint);
    const { ownerId } = ctx.principal;
    await ensureOwner(ctx.database, { ownerId, kind: ownerKindOf(ctx.principal) });
    await savePushSubscription(ctx.database, { subscriptionId: newId(), ownerId, endpoint, ...keys });
    return { subscribed: true };
  }),

  unsubscribe: procedure.input(pushUnsubscribeInput).mutation(async ({ ctx, input }): Promise<PushUnsubscribed> => {
    const { ownerIds } = ctx.principal;
    return { removed: await removePushSubscription(ctx.database, { endpoint: input.endpoint, ownerIds }) };
  }),
});
