import type { ReactNode } from "react";

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: ReactNode;
  readonly action?: ReactNode;
}

/** Shown in place of an empty list: says what will be here and how to get it. */
export function EmptyState({ title, children, icon, action }: EmptyStateProps) {
  return (
    <div className="paper flex flex-col items-center gap-4 rounded-2xl border border-dashed px-6 py-16 text-center">
      {icon !== undefined && <div className="text-safelight">{icon}</div>}
      <h2 className="font-display text-2xl">{title}</h2>
      {children !== undefined && <div className="max-w-md text-muted">{children}</div>}
      {action}
    </div>
  );
}
