/** Why an attempt ended that was not the last one, by the reason of its `job.retried`. */
export const retryReasons: Readonly<Record<string, string>> = {
  failure: "it failed and is tried again",
  "lease-expired": "its worker was lost",
  released: "its worker gave it back",
  "prompt-lost": "the backend lost it",
  "backend-gone": "its server is gone, so it starts again on whichever is free",
  "backend-silent": "its server does not answer; it is waited for before it starts again elsewhere",
};
