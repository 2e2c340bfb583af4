"use client";

import { laterInHtml } from "../../ui/later.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

// The last of the page: its script may come after all that stands above it.
const HistoryList = laterInHtml(
  () => import("../../features/jobs/history/history-list.tsx").then((module) => module.HistoryList),
  () => <Skeleton className="h-96 rounded-2xl" />,
);

/** The jobs of all owners, as operators see them. */
export const EveryonesJobs = () => <HistoryList all />;
