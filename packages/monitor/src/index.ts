export { type Reporter, startReporter } from "./reporter.ts";
export { createTasks, keepRunning, type TaskNotes, type Tasks } from "./tasks.ts";
