import { type InputValue, isImageInput, type JobView, thumbnailUrl } from "@darkroom/contracts";
import type { ReactNode } from "react";
import { formatBytes, formatEta, formatMoment, formatSeconds } from "../../format.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { labelOf } from "./job-title.ts";

function Facts({ items }: { items: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(6.5rem,auto)_1fr] gap-x-5 gap-y-2 text-sm">
      {items.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 break-words tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The order in which people think of them; what is not named here follows in the workflow's own order. */
const first = [
  "prompt",
  "negativePrompt",
  "image",
  "mask",
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

function shown(value: InputValue): ReactNode {
  if (isImageInput(value)) {
    if ("uploadId" in value) return "An uploaded image";
    // biome-ignore lint/performance/noImgElement: our own origin serves thumbnails
    return <img src={thumbnailUrl(value.outputId)} alt="Used as input" className="h-20 rounded-lg bg-mat" />;
  }
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === "" ? <span className="text-faint">none</span> : String(value);
}

/** What was asked for. */
export function JobInputs({ job }: { job: JobView }) {
  const entries = Object.entries(job.inputs)
    .filter(([name]) => name !== "seed")
    .sort(byImportance);
  const seed: [string, ReactNode][] =
    job.seed === null
      ? []
      : [
          [
            "Seed",
            <CopyButton
              key="seed"
              text={String(job.seed)}
              what="seed"
              className="inline-flex min-h-6 items-center gap-1.5 rounded font-mono text-warn hover:underline"
            >
              {job.seed}
            </CopyButton>,
          ],
        ];
  return <Facts items={[...entries.map(([name, value]) => [labelOf(name), shown(value)] as const), ...seed]} />;
}

/** Where the result comes from, and how long each part took. */
export function JobProvenance({ job }: { job: JobView }) {
  const { wait, load, sample, run } = job.durations;
  const times: (readonly [string, number | null])[] = [
    ["Waited", wait],
    ["Loading", load],
    ["Sampling", sample],
    ["Altogether", run],
  ];
  const { waitSeconds, etaSeconds } = job;
  const expected =
    waitSeconds === null || etaSeconds === null
      ? []
      : ([["Expected", `starts in ${formatEta(waitSeconds)}, runs ${formatEta(etaSeconds - waitSeconds)}`]] as const);
  const [output] = job.outputs;
  return (
    <Facts
      items={[
        ["Workflow", `${job.workflow.name}, version ${job.workflow.version}`],
        ["Backend", job.backend ?? <span className="text-faint">not started</span>],
        ["Attempts", String(job.attempts)],
        ...expected,
        ...times
          .filter(([, value]) => value !== null)
          .map(([name, value]) => [name, formatSeconds(value ?? 0)] as const),
        ...(output === undefined
          ? []
          : ([
              [
                "File",
                `${output.mimeType}, ${output.width ?? "?"} × ${output.height ?? "?"}, ${formatBytes(output.sizeBytes)}`,
              ],
            ] as const)),
        [
          "Created",
          <time key="created" dateTime={job.createdAt}>
            {formatMoment(job.createdAt)}
          </time>,
        ],
        [
          "Job",
          <CopyButton
            key="job"
            text={job.jobId}
            what="job's id"
            className="inline-flex min-h-6 items-center gap-1.5 rounded font-mono text-xs break-all text-left hover:underline"
          >
            {job.jobId}
          </CopyButton>,
        ],
      ]}
    />
  );
}
