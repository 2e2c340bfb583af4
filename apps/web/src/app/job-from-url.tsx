"use client";

import type { JobView } from "@darkroom/contracts";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { paths, type Use } from "../paths.ts";
import { useJob } from "../trpc/hooks/jobs/use-job.ts";

interface JobFromUrlProps {
  readonly fill: (slug: string, values: Readonly<Record<string, unknown>>) => void;
}

/** `?from=<jobId>` brings that job's inputs into the form, once; with `&use=…` only those. */
export function JobFromUrl({ fill }: JobFromUrlProps) {
  const router = useRouter();
  const asked = useSearchParams();
  const [jobId, use] = [asked.get("from"), asked.get("use")];
  const { job } = useJob(jobId);
  useEffect(() => {
    if (jobId === null || job === undefined) return;
    fill(job.workflow.slug, used(job, use as Use | null));
    router.replace(paths.studio, { scroll: false });
  }, [jobId, job, use, fill, router]);
  return null;
}

function used({ inputs, seed }: JobView, use: Use | null): Readonly<Record<string, unknown>> {
  switch (use) {
    case "prompt":
      return { prompt: inputs.prompt };
    case "seed":
      return { seed };
    case "size":
      return Object.fromEntries(Object.entries(inputs).filter(([name]) => /^(width|height|size)$/i.test(name)));
    case "remix":
      return { ...inputs, seed: undefined };
    default:
      return inputs;
  }
}
