import type { Metadata } from "next";
import { HistoryList } from "../../features/jobs/history/history-list.tsx";
import { t } from "../../language/say.ts";
import { firstJobs, firstQuery } from "../../trpc/first-queries.ts";
import { FirstContent } from "../first-content.tsx";

export const generateMetadata = (): Metadata => ({ title: t`History` });

export default function HistoryPage() {
  return (
    <div data-wide className="space-y-5">
      <h1 className="font-display text-4xl">{t`History`}</h1>
      <FirstContent queries={[firstJobs("history", { all: false, limit: 60 }), firstQuery("workflow.list")]}>
        <HistoryList />
      </FirstContent>
    </div>
  );
}
