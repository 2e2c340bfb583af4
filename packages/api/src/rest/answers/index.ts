export * from "./callers.ts";
export * from "./components.ts";
export * from "./events.ts";
export * from "./jobs.ts";
export * from "./outputs.ts";
export * from "./system.ts";
export * from "./uploads.ts";
export * from "./workflows.ts";
