import type { EndedJob } from "@darkroom/db";

/** What a browser shows; the service worker reads it. */
export interface PushNote {
  readonly title: string;
  readonly body: string;
  /** How many jobs it tells of, by their end: a browser that speaks another language says title and body itself. */
  readonly finished: number;
  readonly failed: number;
  /** The page that it leads to. */
  readonly url: string;
  /** Of two with the same the newer takes the older one's place. */
  readonly tag: string;
}

const MAX_BODY = 120;

/** One note for what ended; there is at least one. */
export function noteOf(ended: readonly EndedJob[]): PushNote {
  const [first] = ended;
  const count = (type: EndedJob["type"]) => ended.filter((job) => job.type === type).length;
  const counts = { finished: count("job.succeeded"), failed: count("job.failed") };
  if (first !== undefined && ended.length === 1) {
    const { jobId, type, workflow, prompt } = first;
    const title = type === "job.succeeded" ? "Your picture is ready" : "Your picture failed";
    return { title, body: shortened(prompt || workflow), ...counts, url: `/jobs/${jobId}`, tag: jobId };
  }
  const { finished, failed } = counts;
  const parts = [finished > 0 ? `${finished} finished` : "", failed > 0 ? `${failed} failed` : ""];
  const body = parts.filter((part) => part !== "").join(" and ");
  return { title: "Your pictures", body, ...counts, url: "/", tag: "several" };
}

const shortened = (text: string): string =>
  text.length <= MAX_BODY ? text : `${text.slice(0, MAX_BODY - 1).trimEnd()}…`;

/** When a page of the owner last said that it is there, in milliseconds since 1970. */
export type SeenPages = readonly number[];

/** How long is waited for a page to say whether it was there. */
const DOUBT_MS = 30_000;

/**
 * Whether a browser is told of something that ended at `at`: not if a page was there after it, which shows it. One that was
 * last seen before may have been closed just then, so it is waited for.
 */
export function decidePush(
  pages: SeenPages,
  { at, now }: { readonly at: number; readonly now: number },
): "tell" | "pass" | "wait" {
  if (pages.some((seen) => seen >= at)) return "pass";
  return pages.length > 0 && now - at < DOUBT_MS ? "wait" : "tell";
}
