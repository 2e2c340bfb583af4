"use client";

import { Eye } from "lucide-react";
import { useViewers, type Viewer } from "../../../trpc/hooks/jobs/use-viewers.ts";

/** Who else looks at the job at this moment. */
export function Viewers({ jobId }: { readonly jobId: string }) {
  const others = useViewers(jobId);
  return (
    <p role="status" className={others.length === 0 ? "sr-only" : "flex items-center gap-2 text-sm text-muted"}>
      {others.length > 0 && (
        <>
          <Eye aria-hidden className="size-4 shrink-0 text-safelight" />
          {new Intl.ListFormat("en").format(others.map(nameOf))} {others.length === 1 ? "is" : "are"} looking at this
          too
        </>
      )}
    </p>
  );
}

function nameOf({ displayName, isOwner }: Viewer): string {
  if (isOwner) return displayName ?? "Its owner";
  return displayName === null ? "An operator" : `${displayName} (operator)`;
}
