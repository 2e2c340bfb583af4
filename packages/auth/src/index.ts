export type { MailOptions } from "./accounts/mail.ts";
export type { Provider } from "./accounts/provider.ts";
export { createAdminLink } from "./admin-link.ts";
export { type Admission, type AdmissionControl, createAdmissionControl } from "./admission.ts";
export { type Auth, type AuthOptions, createAuth, type SignInWays } from "./auth.ts";
export { generateApiKey } from "./credentials/api-key.ts";
export type { Identity } from "./identity.ts";
export { originRejected } from "./origin.ts";
export { readBody } from "./read-body.ts";
