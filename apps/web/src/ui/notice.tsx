import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

interface NoticeProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Something went wrong, and what to do about it. Announced at once. */
export function Notice({ title, children, action }: NoticeProps) {
  return (
    <div role="alert" className="flex gap-3 rounded-xl border border-bad/40 bg-bad/8 p-4">
      <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
      <div className="min-w-0 space-y-1">
        <p className="font-semibold">{title}</p>
        {children !== undefined && <div className="text-muted">{children}</div>}
        {action !== undefined && <div className="pt-2">{action}</div>}
      </div>
    </div>
  );
}
