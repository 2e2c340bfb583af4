"use client";

import type { JobEvent, JobView } from "@darkroom/contracts";
import { type ComponentProps, useEffect } from "react";
import { jobTitle } from "../features/jobs/job-title.ts";
import { milestone } from "../features/jobs/status-line.ts";
import { shorten } from "../format.ts";
import { useListens } from "../hooks/use-listens.ts";
import { ApiProvider } from "../trpc/provider.tsx";
import { Announcer, announce } from "../ui/announcer.tsx";
import { later } from "../ui/later.tsx";
import { Toaster } from "../ui/toaster.tsx";

// Not part of the first load: nothing ends, and nothing is dropped, before the page stands.
const Beside = later(() => import("./beside.tsx").then((module) => module.Beside));

function sayMilestone(event: JobEvent, view: JobView | undefined): void {
  const text = view === undefined ? null : milestone(event.type, shorten(jobTitle(view), 80));
  if (text !== null) announce(text);
}

/** Brings the page of our own for when there is no network (`public/sw.js`). */
function useOfflinePage(): void {
  useEffect(() => {
    // Without it browsers show their own page; where it is forbidden there is nothing to tell.
    navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
  }, []);
}

/** What all pages share in the browser: the API with its feed, the live region, the toasts, what tells of jobs. */
export function Providers({ children, ...given }: Omit<ComponentProps<typeof ApiProvider>, "onEvent">) {
  useOfflinePage();
  useListens();
  return (
    <ApiProvider onEvent={sayMilestone} {...given}>
      {children}
      <Beside />
      <Announcer />
      <Toaster />
    </ApiProvider>
  );
}
