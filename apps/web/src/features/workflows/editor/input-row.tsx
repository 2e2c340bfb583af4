import { ArrowDown, ArrowUp, ChevronRight } from "lucide-react";
import { t, tServer } from "../../../language/say.ts";
import { locale } from "../../../language/spoken.ts";
import type { Finding } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { IconButton } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import type { Row } from "./editor-state.ts";
import { ParameterFields } from "./parameter-fields.tsx";

const kindNames = (): Readonly<Record<Row["parameter"]["kind"], string>> => ({
  text: t`text`,
  integer: t`whole number`,
  number: t`number`,
  seed: t`seed`,
  choice: t`choice`,
  boolean: t`yes or no`,
  model: t`model`,
  image: t`picture`,
  mask: t`mask`,
  video: t`video`,
  audio: t`sound`,
  "3d": t`3D model`,
});

interface InputRowProps {
  readonly row: Row;
  /** What is wrong with it. */
  readonly findings: readonly Finding[];
  readonly onChange: (change: Partial<Pick<Row, "isChosen" | "parameter">>) => void;
  readonly onMove: (by: 1 | -1) => void;
}

/** An input of the graph: ticked, the form asks for it, and how can be said. */
export function InputRow({ row, findings, onChange, onMove }: InputRowProps) {
  const { candidate, parameter, isChosen } = row;
  // As those see it who make pictures; below is what is kept.
  const label = tServer(parameter.label);
  const place = `${candidate.nodeTitle} · ${candidate.input}`;
  return (
    <li className={cx("px-4 py-3", isChosen ? "" : "text-muted")}>
      <div className="flex items-start gap-3">
        <label className="flex min-h-9 min-w-0 flex-1 cursor-pointer items-start gap-3">
          <input
            type="checkbox"
            className="mt-0.5 size-5 shrink-0 accent-(--safelight-strong)"
            aria-label={label}
            checked={isChosen}
            onChange={(event) => onChange({ isChosen: event.target.checked })}
          />
          <span className="min-w-0">
            <span className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-medium">{label}</span>
              <span className="text-xs text-faint">{kindNames()[parameter.kind]}</span>
            </span>
            <span className="block truncate text-xs text-faint" title={place}>
              {placeText(candidate, place)}
            </span>
            <span className="line-clamp-2 text-xs break-words text-muted">{shownValue(candidate.value)}</span>
          </span>
        </label>
        {isChosen && (
          <span className="flex">
            <IconButton label={t`Move ${label} up`} className="size-8" onClick={() => onMove(-1)}>
              <ArrowUp aria-hidden className="size-4" />
            </IconButton>
            <IconButton label={t`Move ${label} down`} className="size-8" onClick={() => onMove(1)}>
              <ArrowDown aria-hidden className="size-4" />
            </IconButton>
          </span>
        )}
      </div>
      {isChosen && (
        <details className="group mt-1 pl-8" open={findings.some(({ severity }) => severity === "error") || undefined}>
          <summary className="-ml-1 flex min-h-8 w-fit items-center gap-1 rounded-lg pr-2 text-xs font-medium text-muted hover:text-ink">
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
            <span>
              {t`Label, bounds, default`}
              <span className="sr-only"> {t`of ${label}`}</span>
            </span>
          </summary>
          <div className="pt-2 pb-1">
            <ParameterFields parameter={parameter} onChange={(next) => onChange({ parameter: next })} />
          </div>
        </details>
      )}
      {findings.map(({ id, message, severity }) => (
        <p key={id} className={cx("mt-1 pl-8 text-sm", severity === "error" ? "text-bad" : "text-warn")}>
          {tServer(message)}
        </p>
      ))}
    </li>
  );
}

/** Where the input is set, and which options of a choice bring it. */
function placeText({ bindings, parameter }: Row["candidate"], place: string): string {
  const more = bindings.length - 1;
  const all = more > 0 ? t`${place} and ${more} more` : place;
  if (parameter.when === undefined) return all;
  const options = new Intl.ListFormat(locale(), { type: "disjunction" });
  return t`${all}, with ${options.format(parameter.when.is.map((option) => t`“${String(option)}”`))}`;
}

function shownValue(value: string | number | boolean): string {
  return value === "" ? t`empty in the graph` : String(value);
}
