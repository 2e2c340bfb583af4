"use client";

import { usePathname } from "next/navigation";
import { useEffect } from "react";
import { useOpenSummary } from "../../../trpc/hooks/jobs/use-feed.ts";

const mark = /^\(\d+\)( \d+ %)? · /;

/** Shows one's open jobs in the tab's title: `(2) 45 % · Darkroom`. */
export function useTitleProgress(): void {
  const { open, percent } = useOpenSummary();
  const pathname = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path brings a new title to put the mark before
  useEffect(() => {
    const prefix = open === 0 ? "" : `(${open}) ${percent} % · `;
    const apply = (): void => {
      const wanted = `${prefix}${document.title.replace(mark, "")}`;
      if (document.title !== wanted) document.title = wanted;
    };
    apply();
    // Next sets a page's own title after the path has changed.
    const later = setTimeout(apply, 300);
    return () => clearTimeout(later);
  }, [open, percent, pathname]);
}
