/** The version of this program, as it tells it to callers and to operators. */
export const VERSION = "0.1.0";
