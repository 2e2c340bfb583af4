// Apart from schemas because pages import these lists, and would get zod with them.

/** What an owner may tell with a shared picture: nothing of it is told unless it is named. */
export const sharedFacts = ["prompt", "seed", "settings", "name"] as const;
export type SharedFact = (typeof sharedFacts)[number];

/** What may be wrong with a shared picture. */
export const reportReasons = ["illegal", "hateful", "sexual", "of-me", "copied", "other"] as const;
export type ReportReason = (typeof reportReasons)[number];
