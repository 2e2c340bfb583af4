/** The longest limit of a run, in seconds: a day. */
export const MAX_TIMEOUT_SECONDS = 86_400;

/** Whether a run may be limited to so many seconds: `timeoutSecondsSchema`, for pages, which do without its library. */
export const isTimeoutSeconds = (seconds: number): boolean =>
  Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_TIMEOUT_SECONDS;
