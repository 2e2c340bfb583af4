export { type AlertFacts, rules } from "./alert-rules.ts";
export { type AlertParts, createAlertCheck } from "./check-alerts.ts";
export { type Looked, startLooking } from "./looking.ts";
export { createProcessReport, type ProcessReport } from "./process-report.ts";
export { addRedisMetrics } from "./redis-metrics.ts";
export { type Reporter, startReporter } from "./reporter.ts";
export { createTasks, keepRunning, type TaskNotes, type Tasks } from "./tasks.ts";
