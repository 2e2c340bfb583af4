/**
 * Every code with which a socket of ours ends, beside those of the protocol that `ws` itself sends: 1002 for a broken
 * frame, 1007 for text that is not UTF-8, 1008 for a message in too many fragments, 1009 for one that is too large. A
 * client that does not read or does not answer is cut off without a code (1006). Whoever is cut off may come back with
 * its cursor and misses nothing.
 */
export const closeCodes = {
  /** The process stops; another answers at the same address, or soon will. */
  restart: 1012,
  /** The key was revoked, the session ended, or what it may see has changed: come back as who you are now. */
  identityEnded: 4401,
  /** More messages, subscriptions or calls at once than a client ever needs. */
  tooMuch: 4429,
} as const;
