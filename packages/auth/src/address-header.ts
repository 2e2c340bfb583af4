/**
 * Set by our handler to the caller's address; whatever a caller sends under this name is overwritten. A file of its own:
 * whoever takes it from `accounts.ts` loads better-auth, which a web process does only for the first sign-in.
 */
export const ADDRESS_HEADER = "x-darkroom-address";
