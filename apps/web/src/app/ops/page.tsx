import type { Metadata } from "next";
import { HistoryList } from "../../features/jobs/history/history-list.tsx";
import { OpsOverview } from "../../features/ops/ops-overview.tsx";

export const metadata: Metadata = { title: "Operations" };

export default function OpsPage() {
  return <OpsOverview jobs={<HistoryList all />} />;
}
