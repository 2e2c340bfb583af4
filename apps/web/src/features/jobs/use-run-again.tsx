"use client";

import type { JobView } from "@darkroom/contracts";
import { type ReactNode, useState } from "react";
import { useRepeat } from "../../trpc/hooks/use-submit.ts";
import { type Difference, DriftDialog } from "./drift-dialog.tsx";

/** Runs an ended job again as it was: what has changed since is said first, and asked about. */
export function useRunAgain(job: JobView): {
  /** Calls `run` at once if nothing has changed, else after the person agreed. */
  ask(run: () => void): Promise<void>;
  /** To be shown while there is something to ask. */
  readonly question: ReactNode;
} {
  const repeat = useRepeat();
  const [asked, setAsked] = useState<{ differences: readonly Difference[]; run: () => void } | null>(null);
  return {
    ask: async (run) => {
      // What cannot be compared is no reason not to run; if the server is away, running says so.
      const differences = await repeat.drift(job).catch(() => []);
      if (differences.length === 0) run();
      else setAsked({ differences, run });
    },
    question: asked !== null && (
      <DriftDialog differences={asked.differences} onRun={asked.run} onClose={() => setAsked(null)} />
    ),
  };
}
