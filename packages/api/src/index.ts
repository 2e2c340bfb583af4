export * from "./answers.ts";
export { type AppRouter, appRouter } from "./app-router.ts";
export type { Context, Limits, Log, Services } from "./context.ts";
export { type ErrorFacts, errorFacts } from "./errors.ts";
export { jobFeed } from "./feed.ts";
export type { SubmitBatchInput, SubmitInput } from "./inputs.ts";
export { shareHashOf } from "./share-secret.ts";
export type { ProcedureMeta } from "./trpc.ts";
export { readWaits } from "./waits.ts";
