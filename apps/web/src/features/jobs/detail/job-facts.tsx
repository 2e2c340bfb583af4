import {
  type InputValue,
  isImageInput,
  type JobView,
  type Media,
  outputUrl,
  thumbnailUrl,
  uploadUrl,
} from "@darkroom/contracts";
import type { ReactNode } from "react";
import { t } from "../../../language/say.ts";
import { useInputMedia } from "../../../trpc/hooks/workflows/use-workflows.ts";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Facts } from "../../../ui/facts.tsx";
import { labelOf } from "../job-title.ts";
import { ModelView } from "../output/model-view.tsx";

/** Parameters that people look for come first, in this order; the others follow in the workflow's order. */
const first = [
  "prompt",
  "negativePrompt",
  "image",
  "mask",
  "denoise",
  "strength",
  "scale",
  "width",
  "height",
  "steps",
  "model",
  "count",
];

function byImportance([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  const rank = (name: string): number => (first.includes(name) ? first.indexOf(name) : first.length);
  return rank(a) - rank(b);
}

const mediaLinks = (): Readonly<Record<Media, string>> => ({
  image: t`the picture`,
  video: t`the video`,
  audio: t`the sound`,
  "3d": t`the 3D model`,
});

function shown(value: InputValue, media: Media | null): ReactNode {
  // As high as a picture: of a file that is none, nothing is asked for that there is not.
  if (isImageInput(value) && media === null) return <span className="block h-20" />;
  if (isImageInput(value) && media !== null && media !== "image") {
    const url = "uploadId" in value ? uploadUrl(value.uploadId) : outputUrl(value.outputId);
    const link = (
      <a href={url} target="_blank" rel="noreferrer" className="text-safelight underline">
        {mediaLinks()[media]}
      </a>
    );
    if (media !== "3d") return link;
    return (
      <span className="paper relative block h-40 max-w-72 overflow-hidden rounded-lg">
        <ModelView file={{ url }} label={t`3D model used as input`}>
          <span className="grid h-full place-items-center">{link}</span>
        </ModelView>
      </span>
    );
  }
  if (isImageInput(value)) {
    const src = "uploadId" in value ? uploadUrl(value.uploadId, 384) : thumbnailUrl(value.outputId);
    // biome-ignore lint/performance/noImgElement: our own origin serves thumbnails
    return <img src={src} alt={t`Used as input`} className="h-20 rounded-lg bg-mat" />;
  }
  if (typeof value === "boolean") return value ? t`yes` : t`no`;
  return value === "" ? <span className="text-faint">{t`none`}</span> : String(value);
}

/** What was asked for. */
export function JobInputs({ job }: { job: JobView }) {
  const entries = Object.entries(job.inputs)
    .filter(([name]) => name !== "seed")
    .sort(byImportance);
  const mediaOf = useInputMedia(job);
  const seed: [string, ReactNode][] =
    job.seed === null
      ? []
      : [
          [
            t`Seed`,
            <CopyButton
              key="seed"
              text={String(job.seed)}
              what={t`seed`}
              className="inline-flex min-h-6 items-center gap-1.5 rounded font-mono text-warn hover:underline"
            >
              {job.seed}
            </CopyButton>,
          ],
        ];
  return (
    <Facts
      items={[...entries.map(([name, value]) => [labelOf(name), shown(value, mediaOf(name))] as const), ...seed]}
    />
  );
}
