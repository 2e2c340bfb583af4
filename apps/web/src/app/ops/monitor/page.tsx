import type { Metadata } from "next";
import { MonitorPage } from "../../../features/ops/monitor-page.tsx";
import { firstQuery } from "../../../trpc/first-queries.ts";
import { FirstContent } from "../../first-content.tsx";

export const metadata: Metadata = { title: "Monitor" };

export default function Page() {
  return (
    <FirstContent queries={[firstQuery("monitor.overview")]}>
      <MonitorPage />
    </FirstContent>
  );
}
