export { progressedEvent } from "./events.ts";
export { alertChange, instanceMetric, instanceReport } from "./instance-report.ts";
export { testPrefix } from "./setup.ts";
