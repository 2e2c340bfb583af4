"use client";

import type { Graph, JobView } from "@darkroom/contracts";
import { t } from "../../../../language/say.ts";
import { useProvenance } from "../../../../trpc/hooks/jobs/use-provenance.ts";
import { Skeleton } from "../../../../ui/skeleton.tsx";
import { WorkflowGraph } from "./workflow-graph.tsx";

/** The graph of a job's current attempt, as soon as it was sent. */
export function LiveGraph({ job }: { job: JobView }) {
  const made = useProvenance(job.jobId, job.version);
  if (made === undefined) return <Skeleton className="h-80 rounded-xl" />;
  if (made.graph === null) return <p className="text-sm text-muted">{t`Nothing was sent to a server yet.`}</p>;
  return <WorkflowGraph job={job} made={made} graph={made.graph as Graph} />;
}
