import { t } from "../../language/say.ts";

/** Why an attempt ended that was not the last one, by the reason of its `job.retried`. */
export const retryReasons = (): Readonly<Record<string, string>> => ({
  failure: t`it failed and is tried again`,
  "lease-expired": t`its worker was lost`,
  released: t`its worker gave it back`,
  "prompt-lost": t`the backend lost it`,
  "backend-gone": t`its server is gone, so it starts again on whichever is free`,
  "backend-silent": t`its server does not answer; it is waited for before it starts again elsewhere`,
});
