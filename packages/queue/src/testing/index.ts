export { progressedEvent } from "./events.ts";
export { alertChange, instanceMetric, instanceReport } from "./instance-report.ts";
export { setupHub, testPrefix } from "./setup.ts";
