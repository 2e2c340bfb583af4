import { t } from "../../language/say.ts";
import { cx } from "../../ui/class-names.ts";
import { CopyButton } from "../../ui/copy-button.tsx";

const badge =
  "-mx-1.5 inline-flex min-h-6 items-center gap-1 rounded-md px-1.5 font-mono text-xs text-warn tabular-nums transition-colors hover:bg-raised";

/** The seed, as the print on a film's edge; a click copies it. */
export function SeedBadge({ seed, className }: { seed: number; className?: string }) {
  return (
    <CopyButton text={String(seed)} what={t`seed`} className={cx(badge, className)}>
      <span className="sr-only">{t`Copy`} </span>
      <span className="text-faint">{t`seed`}</span> {seed}
    </CopyButton>
  );
}
