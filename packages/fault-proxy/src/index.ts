export { type Certificate, createCertificate } from "./certificate.ts";
export { createFaultProxy, type FaultProxy, type Toxics } from "./fault-proxy.ts";
export { freePort } from "./free-port.ts";
export { createGuardedProxy, type GuardedProxy } from "./guarded-proxy.ts";
