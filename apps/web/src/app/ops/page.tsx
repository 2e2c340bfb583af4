import type { Metadata } from "next";
import { OpsOverview } from "../../features/ops/ops-overview.tsx";
import { t } from "../../language/say.ts";
import { firstJobs, firstQuery } from "../../trpc/first-queries.ts";
import { FirstContent } from "../first-content.tsx";
import { EveryonesJobs } from "./everyones-jobs.tsx";
import { GenerateSection } from "./generate-section.tsx";

export const generateMetadata = (): Metadata => ({ title: t`Operations` });

export default function OpsPage() {
  const queries = [
    ...[firstQuery("monitor.overview"), firstQuery("workflow.list"), firstQuery("queue.deadLetters", { limit: 20 })],
    firstJobs("history", { all: true, limit: 60 }),
  ];
  return (
    <FirstContent queries={queries}>
      <OpsOverview form={<GenerateSection />} jobs={<EveryonesJobs />} />
    </FirstContent>
  );
}
