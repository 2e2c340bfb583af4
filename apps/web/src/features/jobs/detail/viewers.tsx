"use client";

import { Eye } from "lucide-react";
import { t, tPlural } from "../../../language/say.ts";
import { locale } from "../../../language/spoken.ts";
import { useViewers, type Viewer } from "../../../trpc/hooks/jobs/use-viewers.ts";

/** Who else looks at the job at this moment. */
export function Viewers({ jobId }: { readonly jobId: string }) {
  const others = useViewers(jobId);
  const names = new Intl.ListFormat(locale()).format(others.map(nameOf));
  return (
    <p role="status" className={others.length === 0 ? "sr-only" : "flex items-center gap-2 text-sm text-muted"}>
      {others.length > 0 && (
        <>
          <Eye aria-hidden className="size-4 shrink-0 text-safelight" />
          {tPlural(others.length, "{1} is looking at this too", "{1} are looking at this too", names)}
        </>
      )}
    </p>
  );
}

function nameOf({ displayName, isOwner }: Viewer): string {
  if (isOwner) return displayName ?? t`Its owner`;
  return displayName === null ? t`An operator` : t`${displayName} (operator)`;
}
