export { shareHashOf } from "./access/share-secret.ts";
export * from "./answers.ts";
export { type AppRouter, appRouter } from "./app-router.ts";
export type { Context, Limits, Log, Services } from "./context.ts";
export { type ErrorFacts, errorFacts } from "./errors.ts";
export { readWaits } from "./estimates/waits.ts";
export type { SubmitBatchInput, SubmitInput } from "./inputs.ts";
export { jobFeed } from "./live/feed.ts";
export type { ProcedureMeta } from "./trpc.ts";
