export { createAdminLink } from "./admin-link.ts";
export { type Admission, type AdmissionControl, createAdmissionControl } from "./admission.ts";
export { generateApiKey } from "./api-key.ts";
export { type Auth, type AuthOptions, createAuth, type SignInWays } from "./auth.ts";
export type { Identity } from "./identity.ts";
export type { MailOptions } from "./mail.ts";
export { originRejected } from "./origin.ts";
export type { Provider } from "./provider.ts";
export { readBody } from "./read-body.ts";
