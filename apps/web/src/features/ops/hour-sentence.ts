/** Jobs that ended within the last hour. */
interface Ended {
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
}

/** The last hour in one sentence. */
export function hourSentence({ succeeded, failed, canceled }: Ended): string {
  const ended = succeeded + failed + canceled;
  if (ended === 0) return "Nothing ended in the last hour.";
  const rest = [failed > 0 && `${failed} failed`, canceled > 0 && `${canceled} canceled`].filter(Boolean).join(", ");
  return `${succeeded} of ${ended} succeeded in the last hour${rest === "" ? "" : ` (${rest})`}.`;
}
