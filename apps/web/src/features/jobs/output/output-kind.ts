import { fileExtensionOf, type Output, type OutputKind } from "@darkroom/contracts";
import { formatBytes, formatSeconds } from "../../../format.ts";
import { t } from "../../../language/say.ts";

/** What people call an output. */
export const kindNames = (): Readonly<Record<OutputKind, string>> => ({
  image: t`Picture`,
  animation: t`Animation`,
  video: t`Video`,
  audio: t`Sound`,
  text: t`Text`,
  model: t`3D model`,
  file: t`File`,
});

/** True for outputs that are seen at once, without playing or opening them. */
export const isSeen = ({ kind }: Pick<Output, "kind">): boolean =>
  kind === "image" || kind === "animation" || kind === "video";

/** What it is and how large: `Video · MP4 · 832 × 480 · 2.0 s · 1.4 MB`. */
export function outputSummary({
  kind,
  mimeType,
  sizeBytes,
  width,
  height,
  durationSeconds,
}: Pick<Output, "kind" | "mimeType" | "sizeBytes" | "width" | "height" | "durationSeconds">): string {
  const size = width === null || height === null ? [] : [`${width} × ${height}`];
  const length = durationSeconds === undefined ? [] : [formatSeconds(durationSeconds)];
  const ending = fileExtensionOf(mimeType).toUpperCase();
  return [kindNames()[kind], ending, ...size, ...length, formatBytes(sizeBytes)].join(" · ");
}
