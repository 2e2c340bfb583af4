"use client";

import { ChevronDown } from "lucide-react";
import { type ReactNode, useState } from "react";

/** A part of the page that is closed at first; `children` is drawn once it is opened. */
export function Fold({ title, children }: { title: string; children: () => ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)} className="panel group">
      <summary className="flex list-none items-center justify-between gap-3 p-5">
        <h2 className="font-display text-xl">{title}</h2>
        <ChevronDown aria-hidden className="size-5 text-faint transition-transform group-open:rotate-180" />
      </summary>
      <div className="px-5 pb-5">{isOpen && children()}</div>
    </details>
  );
}
