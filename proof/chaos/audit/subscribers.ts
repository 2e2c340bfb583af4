import type { FeedLine } from "../records.ts";
import type { EventRow, Evidence } from "./evidence.ts";

// What the subscribers received, against the feeds in Postgres.

/** Those that missed, repeated or mixed up durable events. */
export function wrongSubscribers({ subscribers, events }: Evidence): string[] {
  return subscribers.flatMap((lines, index) => wrongSubscriber(`feed-${index}`, lines, events));
}

/** Subscribers begin with empty feeds, so they must have received exactly what Postgres has, in its order. */
function wrongSubscriber(name: string, lines: readonly FeedLine[], events: readonly EventRow[]): string[] {
  const found: string[] = [];
  const [head] = lines;
  if (head?.type !== "watches") return [`${name} says not whom it watches`];
  const label = (event: { type: string; jobId?: string | null; batchId?: string | null; version?: number | null }) =>
    `${event.type} ${event.jobId ?? event.batchId} ${event.version ?? ""}`;
  const wanted = events.filter(({ ownerId }) => ownerId === head.ownerId).map(label);
  const received = lines.flatMap((line) => (line.type === "event" ? [label(line.event)] : []));
  const snapshots = lines.filter((line) => line.type === "snapshot");
  if (snapshots.some(({ reset }) => reset)) found.push(`${name} was told to begin again`);
  if (snapshots.length !== 1) found.push(`${name} received ${snapshots.length} snapshots`);
  const length = Math.max(wanted.length, received.length);
  for (let at = 0; at < length; at += 1) {
    if (wanted[at] === received[at]) continue;
    const had = received.slice(0, at).includes(received[at] ?? "") ? "again " : "";
    found.push(
      `${name} received ${had}${received[at] ?? "nothing"} as number ${at + 1} of ${wanted.length}, not ${wanted[at] ?? "the end"}`,
    );
    break;
  }
  return found;
}
