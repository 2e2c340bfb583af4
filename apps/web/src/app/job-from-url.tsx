"use client";

import type { JobView } from "@darkroom/contracts";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { paths } from "../paths.ts";
import { useJob } from "../trpc/hooks/jobs/use-job.ts";

/** `?from=<jobId>` brings that job's inputs into the form, once; `&use=prompt` or `seed` only that one. */
export function JobFromUrl({ use }: { readonly use: (job: JobView, only: string | null) => void }) {
  const router = useRouter();
  const asked = useSearchParams();
  const [jobId, only] = [asked.get("from"), asked.get("use")];
  const { job } = useJob(jobId);
  useEffect(() => {
    if (jobId === null || job === undefined) return;
    use(job, only);
    router.replace(paths.studio, { scroll: false });
  }, [jobId, job, only, use, router]);
  return null;
}
