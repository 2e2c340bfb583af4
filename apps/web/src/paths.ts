/** Every URL the pages link to. */
export const paths = {
  studio: "/",
  /** The studio with a job's inputs in its form, or with only its prompt or its seed. */
  studioFrom: (jobId: string, use?: "prompt" | "seed") =>
    `/?from=${encodeURIComponent(jobId)}${use === undefined ? "" : `&use=${use}`}`,
  history: "/history",
  /** The jobs of one batch, as a grid; `/history?batch=…` lists them. */
  batch: (batchId: string) => `/batches/${encodeURIComponent(batchId)}`,
  job: (jobId: string) => `/jobs/${encodeURIComponent(jobId)}`,
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
