import type { JobState } from "@darkroom/contracts";
import { Ban, CircleCheck, CircleX, Clock, LoaderCircle } from "lucide-react";
import { cx } from "../../ui/class-names.ts";

const looks = {
  queued: { Icon: Clock, color: "text-muted" },
  running: { Icon: LoaderCircle, color: "text-safelight animate-spin" },
  canceling: { Icon: LoaderCircle, color: "text-muted animate-spin" },
  succeeded: { Icon: CircleCheck, color: "text-good" },
  failed: { Icon: CircleX, color: "text-bad" },
  canceled: { Icon: Ban, color: "text-faint" },
} as const;

/** A state's sign; always beside its word, so that colour never tells alone. */
export function StateIcon({ state, className }: { state: JobState; className?: string }) {
  const { Icon, color } = looks[state];
  return <Icon aria-hidden className={cx("size-4 shrink-0", color, className)} />;
}
