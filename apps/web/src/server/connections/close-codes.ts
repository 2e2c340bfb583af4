/**
 * The close codes that we send. `ws` itself sends those of the protocol: 1002 for a broken frame, 1007 for text that is
 * not UTF-8, 1008 for a message in too many fragments, 1009 for one that is too large. A client that does not read or
 * does not answer is cut off without a code, which is counted as 1006. After any of them a client may reconnect with its
 * cursor and misses nothing.
 */
export const closeCodes = {
  /** This process stops; another one answers at the same address, or soon will. */
  restart: 1012,
  /** The key was revoked, the session ended, or its rights have changed: reconnect with the credentials of now. */
  identityEnded: 4401,
  /** More messages, subscriptions or calls at once than a client ever needs. */
  tooMuch: 4429,
} as const;
