import type { JobView } from "@darkroom/contracts";
import { Download } from "lucide-react";
import { buttonClasses } from "../../ui/button.tsx";
import { fileNameOf } from "./job-title.ts";
import { outputSummary } from "./output-kind.ts";
import { OutputMedia } from "./output-media.tsx";

/** Every output of a job, each to look at, to play or to read, and to download. */
export function JobOutputs({ job }: { job: JobView }) {
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,10rem),1fr))] gap-3 sm:grid-cols-[repeat(auto-fill,minmax(15rem,1fr))]">
      {job.outputs.map((output) => (
        <li key={output.outputId} className="panel flex min-w-0 flex-col overflow-hidden">
          <div className="paper relative grid aspect-[4/3] place-items-center overflow-hidden">
            <OutputMedia job={job} output={output} sizes="20rem" />
          </div>
          <div className="flex items-center gap-2 py-1 pr-1 pl-3 text-xs text-muted">
            <span className="min-w-0 flex-1 truncate tabular-nums">{outputSummary(output)}</span>
            <a
              aria-label={`Download: ${outputSummary(output)}`}
              className={buttonClasses({ look: "quiet", size: "small" })}
              href={`${output.url}?download`}
              download={fileNameOf(job, output.mimeType)}
            >
              <Download aria-hidden className="size-4" />
            </a>
          </div>
        </li>
      ))}
    </ul>
  );
}
