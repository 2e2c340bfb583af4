/** What of a job is used again; `remix` is all but its seed. */
export type Use = "prompt" | "seed" | "size" | "remix";

/** Every URL the pages link to. */
export const paths = {
  studio: "/",
  /** The studio with a job's inputs in its form, or with some of them. */
  studioFrom: (jobId: string, use?: Use) =>
    `/?from=${encodeURIComponent(jobId)}${use === undefined ? "" : `&use=${use}`}`,
  /** The studio with that workflow's form, begun with a file: an output, or an upload. */
  studioWith: (slug: string, name: string, file: { outputId: string } | { uploadId: string }) => {
    const [kind, id] = "outputId" in file ? ["output", file.outputId] : ["upload", file.uploadId];
    return `/?${new URLSearchParams({ workflow: slug, name, [kind]: id })}`;
  },
  /** The studio with that workflow's form as it was left. */
  studioOf: (slug: string) => `/?${new URLSearchParams({ workflow: slug })}`,
  history: "/history",
  /** The jobs of one batch, as a grid; `/history?batch=…` lists them. */
  batch: (batchId: string) => `/batches/${encodeURIComponent(batchId)}`,
  job: (jobId: string) => `/jobs/${encodeURIComponent(jobId)}`,
  gallery: "/gallery",
  /** What anyone sees of a shared picture; contracts' `sharePageUrl`. */
  shared: (token: string) => `/s/${encodeURIComponent(token)}`,
  account: "/account",
  signIn: "/sign-in",
  workflows: "/workflows",
  workflowImport: "/workflows/import",
  workflow: (slug: string, version?: number) =>
    `/workflows/${encodeURIComponent(slug)}${version === undefined ? "" : `?version=${version}`}`,
  workflowEdit: (slug: string, version: number) => `/workflows/${encodeURIComponent(slug)}/edit?version=${version}`,
  ops: "/ops",
  opsMonitor: "/ops/monitor",
  opsClaim: "/ops/claim",
  connection: "/debug/connection",
} as const;
