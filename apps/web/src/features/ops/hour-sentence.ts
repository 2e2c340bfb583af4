import { t } from "../../language/say.ts";

/** Jobs that ended within the last hour. */
interface Ended {
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
}

/** The last hour in one sentence. */
export function hourSentence({ succeeded, failed, canceled }: Ended): string {
  const ended = succeeded + failed + canceled;
  if (ended === 0) return t`Nothing ended in the last hour.`;
  if (failed > 0 && canceled > 0)
    return t`${succeeded} of ${ended} succeeded in the last hour (${failed} failed, ${canceled} canceled).`;
  if (failed > 0) return t`${succeeded} of ${ended} succeeded in the last hour (${failed} failed).`;
  if (canceled > 0) return t`${succeeded} of ${ended} succeeded in the last hour (${canceled} canceled).`;
  return t`${succeeded} of ${ended} succeeded in the last hour.`;
}
