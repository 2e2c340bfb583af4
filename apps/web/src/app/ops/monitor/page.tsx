import type { Metadata } from "next";
import { MonitorPage } from "../../../features/ops/monitor-page.tsx";
import { t } from "../../../language/say.ts";
import { firstQuery } from "../../../trpc/first-queries.ts";
import { FirstContent } from "../../first-content.tsx";

export const generateMetadata = (): Metadata => ({ title: t`Monitor` });

export default function Page() {
  return (
    <FirstContent queries={[firstQuery("monitor.overview")]}>
      <MonitorPage />
    </FirstContent>
  );
}
