import type { Metadata } from "next";
import { JobDetail } from "../../../features/jobs/detail/job-detail.tsx";

export const metadata: Metadata = { title: "Picture" };

export default async function JobPage({ params }: { params: Promise<{ jobId: string }> }) {
  const { jobId } = await params;
  return <JobDetail key={jobId} jobId={jobId} />;
}
