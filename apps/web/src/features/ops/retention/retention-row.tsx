import { formatBytes } from "../../../format.ts";
import { t, tNodes, tPlural } from "../../../language/say.ts";
import { locale } from "../../../language/spoken.ts";
import type { RetentionKind, RetentionPreview, RetentionRule } from "../../../trpc/hooks/operators/use-retention.ts";
import { cx } from "../../../ui/class-names.ts";
import { TimeAgo } from "../../../ui/time-ago.tsx";

/** What each kind is called, and what is said of it. */
const words = (): Record<RetentionKind, { readonly name: string; readonly note: string }> => ({
  jobs: { name: t`Ended jobs`, note: t`With their inputs and pictures.` },
  outputs: { name: t`Pictures`, note: t`And films and sounds; their jobs stay.` },
  uploads: { name: t`Uploads`, note: t`Those that no job uses.` },
  events: { name: t`Events`, note: t`Of feeds and timelines, to read again.` },
});

/** The least that may be kept of each kind: days, and for events their number in a feed. */
const LEAST: Record<RetentionKind, number> = { jobs: 1, outputs: 1, uploads: 1, events: 100 };

const columns = "grid items-center gap-x-5 gap-y-3 md:grid-cols-[minmax(0,1.4fr)_minmax(0,1.4fr)_minmax(0,1.2fr)]";

interface RetentionRowProps {
  readonly loss: RetentionPreview["losses"][number];
  readonly fields: Record<keyof RetentionRule, string>;
  readonly mostDays: number | null;
  /** The server has not yet answered for what stands in the fields. */
  readonly isStale: boolean;
  readonly onChange: (rule: keyof RetentionRule, text: string) => void;
}

/** One kind of thing: for how long it is kept, how many each owner keeps, and what that would take now. */
export function RetentionRow({ loss, fields, mostDays, isStale, onChange }: RetentionRowProps) {
  const { name, note } = words()[loss.kind];
  const field = (rule: keyof RetentionRule, label: string, least: number, most: number) => (
    <label className="min-w-0 space-y-1 text-xs text-muted">
      {label}
      <input
        type="number"
        inputMode="numeric"
        aria-label={`${name}: ${label}`}
        className="field text-sm tabular-nums"
        placeholder={rule === "days" && mostDays !== null ? String(mostDays) : t`any`}
        min={least}
        max={most}
        value={fields[rule]}
        onChange={(event) => onChange(rule, event.target.value)}
      />
    </label>
  );
  return (
    <li className={cx(columns, "p-4")}>
      <div>
        <p className="font-medium">{name}</p>
        <p className="text-xs text-faint">{note}</p>
      </div>
      <div className="grid grid-cols-2 gap-3">
        {field("days", t`Days`, 1, mostDays ?? 36_500)}
        {field("perOwner", t`Newest of each owner`, LEAST[loss.kind], 1_000_000)}
      </div>
      <p className={cx("text-sm transition-opacity md:text-right", isStale && "opacity-50")}>
        <Loss loss={loss} />
      </p>
    </li>
  );
}

/** How long the preview of a running job is kept. There is one for each, and it goes by itself: nothing is lost. */
export function PreviewRow({
  seconds,
  onChange,
}: {
  readonly seconds: string;
  readonly onChange: (seconds: string) => void;
}) {
  return (
    <li className={cx(columns, "p-4")}>
      <div>
        <p className="font-medium">{t`Previews`}</p>
        <p className="text-xs text-faint">{t`What a running job shows while it develops.`}</p>
      </div>
      <div className="grid grid-cols-2 gap-3">
        <label className="min-w-0 space-y-1 text-xs text-muted">
          {t`Seconds`}
          <input
            type="number"
            inputMode="numeric"
            aria-label={t`Previews: Seconds`}
            className="field text-sm tabular-nums"
            placeholder="120"
            min={5}
            max={120}
            value={seconds}
            onChange={(event) => onChange(event.target.value)}
          />
        </label>
      </div>
    </li>
  );
}

function Loss({ loss }: Pick<RetentionRowProps, "loss">) {
  const { rows, bytes, oldestAt } = loss;
  if (rows === 0) return <span className="text-faint">{t`Nothing goes.`}</span>;
  return (
    <>
      <span className="block font-medium tabular-nums">{lossSentence(loss)}</span>
      <span className="block text-xs text-muted tabular-nums">
        {bytes > 0 && `${formatBytes(bytes)} · `}
        {oldestAt !== null && tNodes`the oldest: ${<TimeAgo at={oldestAt} />}`}
      </span>
    </>
  );
}

/** `1,204 jobs with 1,310 files`. */
export function lossSentence({ kind, rows, hasMore, files }: RetentionRowProps["loss"]): string {
  const count = rows.toLocaleString(locale());
  if (kind === "jobs" && files > 0) return lossWithFiles(rows, files, hasMore);
  if (kind === "jobs")
    return hasMore
      ? tPlural(rows, "More than {1} job", "More than {1} jobs", count)
      : tPlural(rows, "{1} job", "{1} jobs", count);
  if (kind === "events")
    return hasMore
      ? tPlural(rows, "More than {1} event", "More than {1} events", count)
      : tPlural(rows, "{1} event", "{1} events", count);
  return hasMore
    ? tPlural(rows, "More than {1} file", "More than {1} files", count)
    : tPlural(rows, "{1} file", "{1} files", count);
}

function lossWithFiles(rows: number, files: number, hasMore: boolean): string {
  const jobs = rows.toLocaleString(locale());
  const withFiles = tPlural(files, "with {1} file", "with {1} files", files.toLocaleString(locale()));
  return hasMore
    ? tPlural(rows, "More than {1} job {2}", "More than {1} jobs {2}", jobs, withFiles)
    : tPlural(rows, "{1} job {2}", "{1} jobs {2}", jobs, withFiles);
}
