export * from "./answers.ts";
export { type AppRouter, appRouter } from "./app-router.ts";
export type { Context, Limits, Log, Services } from "./context.ts";
export { type ErrorFacts, errorFacts, httpStatusOf } from "./errors.ts";
export { jobFeed } from "./feed.ts";
export type { SubmitBatchInput, SubmitInput } from "./inputs.ts";
export { shareHashOf } from "./share-secret.ts";
export { createCallerFactory, type ProcedureMeta } from "./trpc.ts";
export { readWaits } from "./waits.ts";
