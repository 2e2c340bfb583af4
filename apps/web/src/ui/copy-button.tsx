"use client";

import { Check } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { t } from "../language/say.ts";
import { announce } from "./announcer.tsx";

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, e.g. t`seed`. */
  readonly what: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Copies `text` and says so. */
export function CopyButton({ text, what, className, children }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
      announce(t`The ${what} is copied.`);
    } catch {
      announce(t`The browser did not allow copying the ${what}.`);
    }
  };
  return (
    <button type="button" title={t`Copy the ${what}`} className={className} onClick={copy}>
      {isCopied ? <Check aria-hidden className="size-3.5 text-good" /> : null}
      {children}
    </button>
  );
}
