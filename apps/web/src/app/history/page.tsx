import type { Metadata } from "next";
import { HistoryList } from "../../features/jobs/history/history-list.tsx";

export const metadata: Metadata = { title: "History" };

export default function HistoryPage() {
  return (
    <div data-wide className="space-y-5">
      <h1 className="font-display text-4xl">History</h1>
      <HistoryList />
    </div>
  );
}
