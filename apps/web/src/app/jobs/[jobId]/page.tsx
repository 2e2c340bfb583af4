import type { Metadata } from "next";
import { JobDetail } from "../../../features/jobs/detail/job-detail.tsx";
import { t } from "../../../language/say.ts";
import { firstQuery } from "../../../trpc/first-queries.ts";
import { FirstContent } from "../../first-content.tsx";

export const generateMetadata = (): Metadata => ({ title: t`Picture` });

export default async function JobPage({ params }: { params: Promise<{ jobId: string }> }) {
  const { jobId } = await params;
  return (
    <FirstContent queries={["job.byId", "job.timeline", "job.provenance"].map((path) => firstQuery(path, { jobId }))}>
      <JobDetail key={jobId} jobId={jobId} />
    </FirstContent>
  );
}
