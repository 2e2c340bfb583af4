import type { TrackedEnvelope } from "@trpc/server";
import type { FeedData } from "./answers.ts";
import type { Context } from "./context.ts";

/** What both subscriptions yield: always tracked, and the cursor never empty. */
export type Feed = AsyncGenerator<TrackedEnvelope<FeedData>, void, unknown>;
