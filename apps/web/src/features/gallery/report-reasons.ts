import type { ReportReason } from "@darkroom/contracts";

/** What may be wrong with a shared picture, for a person. */
export const reasonNames: Readonly<Record<ReportReason, string>> = {
  illegal: "It is against the law",
  hateful: "It is hateful or threatening",
  sexual: "It is sexual",
  "of-me": "It shows me or someone I know",
  copied: "It copies somebody's work",
  other: "Something else",
};
