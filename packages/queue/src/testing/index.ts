export { progressedEvent } from "./events.ts";
export { testPrefix } from "./setup.ts";
