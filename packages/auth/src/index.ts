export { createAdminLink } from "./admin-link.ts";
export { API_KEY_PREFIX, generateApiKey, hashToken } from "./api-key.ts";
export { type Auth, type AuthOptions, createAuth } from "./auth.ts";
export { GUEST_COOKIE } from "./guest-cookie.ts";
export type { Identity } from "./identity.ts";
export { createOriginCheck, type OriginCheck } from "./origin.ts";
