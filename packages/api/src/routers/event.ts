import type { PublishedEvent } from "../answers/index.ts";
import { publish } from "../events/publish.ts";
import { publishEventInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const eventRouter = router({
  publish: procedure
    .input(publishEventInput)
    .mutation(({ ctx, input }): Promise<PublishedEvent> => publish(ctx, input)),
});
