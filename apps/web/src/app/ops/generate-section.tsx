"use client";

import { useState } from "react";
import { t } from "../../language/say.ts";
import { Button } from "../../ui/button.tsx";
import { later } from "../../ui/later.tsx";
import type { Extent } from "./generate-panel.tsx";

// Loaded once somebody wants to make something.
const GeneratePanel = later(() => import("./generate-panel.tsx").then((module) => module.GeneratePanel));

/** To make a picture without leaving the operators' page. */
export function GenerateSection() {
  const [extent, setExtent] = useState<Extent | null>(null);
  const choices = [
    { of: "quick", label: t`Quick form` },
    { of: "full", label: t`Full form` },
  ] as const;
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap gap-2">
        {choices.map(({ of, label }) => (
          <Button
            key={of}
            look={extent === of ? "primary" : "plain"}
            aria-pressed={extent === of}
            onClick={() => setExtent(extent === of ? null : of)}
          >
            {label}
          </Button>
        ))}
      </div>
      {extent !== null && <GeneratePanel extent={extent} />}
    </div>
  );
}
