"use client";

import type { JobView } from "@darkroom/contracts";
import { type ReactNode, useState } from "react";
import { useRepeat } from "../../trpc/hooks/workflows/use-submit.ts";
import { later } from "../../ui/later.tsx";
import type { Difference } from "./drift-dialog.tsx";

/** Loaded with the first question. */
const DriftDialog = later(() => import("./drift-dialog.tsx").then((module) => module.DriftDialog));

/** Runs an ended job again with the same inputs. If models or the workflow have changed since, it asks first. */
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
      // A failed comparison must not prevent the run; if the server is away, the run itself says so.
      const differences = await repeat.drift(job).catch(() => []);
      if (differences.length === 0) run();
      else setAsked({ differences, run });
    },
    question: asked !== null && (
      <DriftDialog differences={asked.differences} onRun={asked.run} onClose={() => setAsked(null)} />
    ),
  };
}
