import type { Metadata } from "next";
import { JobDetail } from "../../../features/jobs/detail/job-detail.tsx";
import { t } from "../../../language/say.ts";
import { firstQuery } from "../../../trpc/first-queries.ts";
import { FirstContent } from "../../first-content.tsx";

export const generateMetadata = (): Metadata => ({ title: t`Picture` });

export default async function JobPage({ params }: { params: Promise<{ jobId: string }> }) {
  const { jobId } = await params;
  const queries = [
    ...["job.byId", "job.timeline", "job.provenance"].map((path) => firstQuery(path, { jobId })),
    // What can be made of the picture, and whether it is shared.
    ...[firstQuery("workflow.list"), firstQuery("output.list", { jobId, limit: 100 })],
  ];
  return (
    <FirstContent queries={queries}>
      <JobDetail key={jobId} jobId={jobId} />
    </FirstContent>
  );
}
