import type { ReportReason } from "@darkroom/contracts";
import { t } from "../../language/say.ts";

/** What may be wrong with a shared picture, for a person. */
export const reasonNames = (): Readonly<Record<ReportReason, string>> => ({
  illegal: t`It is against the law`,
  hateful: t`It is hateful or threatening`,
  sexual: t`It is sexual`,
  "of-me": t`It shows me or someone I know`,
  copied: t`It copies somebody's work`,
  other: t`Something else`,
});
