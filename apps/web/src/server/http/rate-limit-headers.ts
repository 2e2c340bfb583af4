import type { Limits } from "@darkroom/api";
import type { ErrorCode, Remaining } from "@darkroom/contracts";

type Headers = Readonly<Record<string, string>>;

/** What a caller may submit, and what is left of it, in the headers of the IETF's draft "RateLimit header fields for HTTP". */
export function rateLimitHeaders(limits: Limits, { submits, generations }: Remaining): Headers {
  return { "ratelimit-policy": policyOf(limits), ratelimit: `"submits";r=${submits}, "generations";r=${generations}` };
}

/** Of a refusal by a limit of submits; none for any other refusal. */
export function refusedLimitHeaders(limits: Limits, code: ErrorCode, retryAfterSeconds: number | null): Headers {
  const name = code === "RATE_LIMITED" ? "submits" : code === "QUOTA_EXCEEDED" ? "generations" : null;
  if (name === null) return {};
  const until = retryAfterSeconds === null ? "" : `;t=${Math.ceil(retryAfterSeconds)}`;
  return { "ratelimit-policy": policyOf(limits), ratelimit: `"${name}";r=0${until}` };
}

const policyOf = ({ submitsPerMinute, generationsPerHour }: Limits): string =>
  `"submits";q=${submitsPerMinute};w=60, "generations";q=${generationsPerHour};w=3600`;
