export { generateApiKey } from "./api-key.ts";
export { type Auth, type AuthOptions, createAuth, type Identity, makeAdminToken } from "./auth.ts";
