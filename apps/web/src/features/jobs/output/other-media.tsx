"use client";

import type { JobView, Output } from "@darkroom/contracts";
import { Download } from "lucide-react";
import { shorten } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import { buttonClasses } from "../../../ui/button.tsx";
import { laterInHtml } from "../../../ui/later.tsx";
import { downloadOf, jobTitle } from "../job-title.ts";
import { outputSummary } from "./output-kind.ts";
import { OutputIcon } from "./output-thumbnail.tsx";

// Each with a library of its own.
const ModelView = laterInHtml(() => import("./model-view.tsx").then((module) => module.ModelView));
const OutputText = laterInHtml(() => import("./output-text.tsx").then((module) => module.OutputText));
const Sound = laterInHtml(() => import("./sound.tsx").then((module) => module.Sound));

interface OtherMediaProps {
  readonly job: JobView;
  readonly output: Output;
}

/** An output that is no picture, as what it is: to play, to read, to turn round or to download. */
export function OtherMedia({ job, output }: OtherMediaProps) {
  const title = jobTitle(job);
  switch (output.kind) {
    case "video":
      return (
        <video
          // The fragment makes every browser show a frame before it plays.
          src={`${output.url}#t=0.001`}
          aria-label={t`Video: ${shorten(title, 80)}`}
          controls
          muted
          loop
          playsInline
          preload="metadata"
          className="absolute inset-0 size-full animate-develop bg-mat object-contain"
        />
      );
    case "audio":
      return <Sound output={output} label={t`Sound: ${shorten(title, 80)}`} />;
    case "text":
      return <OutputText output={output} />;
    case "model":
      return (
        <ModelView file={output} label={t`3D model: ${shorten(title, 80)}`}>
          <DownloadCard job={job} output={output} />
        </ModelView>
      );
    default:
      if (output.mimeType === "image/svg+xml") return <Drawing output={output} title={title} />;
      return <DownloadCard job={job} output={output} />;
  }
}

/** A drawing. Shown as a picture it runs nothing and loads nothing; opened by its address it is a download. */
function Drawing({ output, title }: { output: Output; title: string }) {
  return (
    // biome-ignore lint/performance/noImgElement: our own origin serves it, and nothing could make it smaller
    <img
      src={output.url}
      alt={title}
      loading="lazy"
      className="absolute inset-0 size-full animate-develop object-contain"
    />
  );
}

function DownloadCard({ job, output }: { job: JobView; output: Output }) {
  return (
    <div className="flex flex-col items-center gap-4 p-5 text-center text-sm">
      <OutputIcon kind={output.kind} className="size-9" />
      <p className="text-muted">{outputSummary(output)}</p>
      {output.kind === "model" && <p>{t`It is not shown here. Download it to open it in a 3D program.`}</p>}
      <a {...downloadOf(job, output)} className={buttonClasses({ size: "small" })}>
        <Download aria-hidden className="size-4" /> {t`Download`}
      </a>
    </div>
  );
}
