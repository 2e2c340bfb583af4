export { createFaultProxy, type FaultProxy, type Toxics } from "./fault-proxy.ts";
export { freePort } from "./free-port.ts";
