import type { Metadata } from "next";
import { HistoryList } from "../../features/jobs/history/history-list.tsx";

export const metadata: Metadata = { title: "History" };

export default function HistoryPage() {
  return (
    <div className="mx-auto max-w-5xl space-y-6">
      <h1 className="font-display text-4xl">History</h1>
      <HistoryList />
    </div>
  );
}
