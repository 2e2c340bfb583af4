import { type Output, type OutputKind, outputUrl, thumbnailUrl } from "@darkroom/contracts";
import type postgres from "postgres";

/** A stored file that an attempt made, as it is recorded. Sizes in pixels and bytes; null where the kind has none. */
export interface NewOutput {
  readonly outputId: string;
  readonly sha256: string;
  readonly storageKey: string;
  readonly kind: OutputKind;
  readonly mimeType: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly durationSeconds?: number | null;
  readonly sizeBytes: number;
  readonly seed: number | null;
  /** Left out of one that was made just now. */
  readonly favorite?: boolean;
}

/**
 * Whether row `o` of outputs is shown: it is of the current attempt of row `j` of jobs, and that attempt was not taken
 * back (a job in the queue again has no start).
 */
export const isShown = (sql: postgres.ISql) => sql`(o.attempt = j.attempt AND j.started_at IS NOT NULL)`;

/** Whether row `jobs` has a favorite beside the one output (SQL). */
export const hasFavoriteBeside = (sql: postgres.ISql, outputId: string) => sql`
  EXISTS (SELECT 1 FROM outputs other WHERE other.job_id = jobs.id AND other.favorite AND other.id <> ${outputId})`;

/** An output as its owner sees it. */
export function outputOf(jobId: string, output: Omit<NewOutput, "sha256" | "storageKey">): Output {
  const { outputId, kind, mimeType, width, height, durationSeconds, sizeBytes, seed, favorite = false } = output;
  const thumbnail = kind === "image" || kind === "animation" ? thumbnailUrl(outputId) : null;
  return {
    outputId,
    jobId,
    kind,
    mimeType,
    url: outputUrl(outputId),
    thumbnailUrl: thumbnail,
    width,
    height,
    ...(durationSeconds == null ? {} : { durationSeconds }),
    sizeBytes,
    seed,
    favorite,
  };
}
