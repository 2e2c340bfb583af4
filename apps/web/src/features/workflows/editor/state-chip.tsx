import { cx } from "../../../ui/class-names.ts";

const looks = {
  good: "border-good/50 text-good",
  warn: "border-warn/50 text-warn",
  quiet: "text-muted",
} as const;

/** A word about a workflow or a version. */
export function StateChip({ look, children }: { look: keyof typeof looks; children: string }) {
  return (
    <span className={cx("rounded-full border px-2 py-0.5 text-xs font-medium whitespace-nowrap", looks[look])}>
      {children}
    </span>
  );
}
