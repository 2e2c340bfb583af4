export * from "./callers.ts";
export * from "./events.ts";
export * from "./gallery.ts";
export * from "./jobs.ts";
export * from "./operators.ts";
export * from "./push.ts";
export * from "./webhooks.ts";
export * from "./workflows.ts";
