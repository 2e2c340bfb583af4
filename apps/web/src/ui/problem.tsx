import type { ReactNode } from "react";
import { cx } from "./class-names.ts";

interface ProblemProps {
  /** Why something was not done, and what to do about it; null or undefined: it was. */
  readonly children: ReactNode;
  readonly className?: string;
}

/** Says beside what was asked for why it was refused. Announced at once; nothing while there is nothing to say. */
export function Problem({ children, className }: ProblemProps) {
  if (children === null || children === undefined) return null;
  return (
    <p role="alert" className={cx("text-sm text-bad", className)}>
      {children}
    </p>
  );
}
