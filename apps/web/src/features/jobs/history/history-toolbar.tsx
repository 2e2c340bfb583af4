"use client";

import { Heart, LayoutGrid, Rows3, Search, SquareCheckBig, X } from "lucide-react";
import { t } from "../../../language/say.ts";
import { useWorkflows } from "../../../trpc/hooks/workflows/use-workflows.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { everything, type HistoryQuery, isNarrowed, stateChoices, whenChoices } from "./history-query.ts";

/** Where the focus goes when what had it is gone. */
export const SELECT_BUTTON = "history-select";
export const SEARCH_FIELD = "history-search";

interface HistoryToolbarProps {
  readonly query: HistoryQuery;
  readonly onChange: (changes: { [Key in keyof HistoryQuery]?: HistoryQuery[Key] | null }) => void;
  /** Operators' list of everyone's jobs has no favorites. */
  readonly hasFavorites: boolean;
  readonly isSelecting: boolean;
  /** Begins to select jobs, or ends it. */
  readonly onSelect: () => void;
}

const stateNames = () => ({ open: t`Open`, succeeded: t`Succeeded`, failed: t`Failed`, canceled: t`Canceled` });
const whenNames = () => ({ today: t`Today`, week: t`Last 7 days`, month: t`Last 30 days`, between: t`From … to …` });

/** What the list is of, and how it looks. */
export function HistoryToolbar({ query, onChange, hasFavorites, isSelecting, onSelect }: HistoryToolbarProps) {
  const { workflows = [] } = useWorkflows();
  const { state, favorite, workflow, when, from, to, batch, view, q } = query;
  const [states, times] = [stateNames(), whenNames()];
  return (
    <div className="relative space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <fieldset className="flex min-w-0 flex-wrap gap-1.5">
          <legend className="sr-only">{t`State`}</legend>
          <Chip isOn={state === null} onClick={() => onChange({ state: null })}>
            {t`All`}
          </Chip>
          {stateChoices.map((choice) => (
            <Chip key={choice} isOn={state === choice} onClick={() => onChange({ state: choice })}>
              {states[choice]}
            </Chip>
          ))}
          {hasFavorites && (
            <Chip isOn={favorite} onClick={() => onChange({ favorite: favorite ? null : true })}>
              <Heart aria-hidden className={cx("size-3.5", favorite && "fill-current text-safelight")} /> {t`Favorites`}
            </Chip>
          )}
        </fieldset>
        {/* On a phone beside the page's heading, where there is room. */}
        <div className="ml-auto flex items-center gap-2 max-sm:absolute max-sm:-top-15 max-sm:right-0">
          <Button id={SELECT_BUTTON} size="small" className="min-h-10!" aria-pressed={isSelecting} onClick={onSelect}>
            <SquareCheckBig aria-hidden className="size-4" /> {t`Select`}
          </Button>
          <fieldset className="flex rounded-[0.625rem] border p-0.5">
            <legend className="sr-only">{t`Look`}</legend>
            {[["grid", t`Grid`, LayoutGrid] as const, ["rows", t`Rows`, Rows3] as const].map(([look, label, Icon]) => (
              <IconButton
                key={look}
                label={label}
                aria-pressed={view === look}
                onClick={() => onChange({ view: look })}
                className="aria-pressed:bg-raised aria-pressed:text-ink"
              >
                <Icon aria-hidden className="size-4" />
              </IconButton>
            ))}
          </fieldset>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <div className="relative min-w-52 flex-1 sm:max-w-96">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint"
          />
          <input
            id={SEARCH_FIELD}
            type="search"
            aria-label={t`Search`}
            placeholder={t`Search in prompts`}
            className="field pl-9"
            value={q}
            onChange={(event) => onChange({ q: event.target.value || null })}
          />
        </div>
        <select
          aria-label={t`Workflow`}
          className="field w-auto sm:max-w-48 max-sm:min-w-40 max-sm:flex-1"
          value={workflow ?? ""}
          onChange={(event) => onChange({ workflow: event.target.value || null })}
        >
          <option value="">{t`Every workflow`}</option>
          {workflow !== null && !workflows.some(({ slug }) => slug === workflow) && (
            <option value={workflow}>{workflow}</option>
          )}
          {workflows.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label={t`When`}
          className="field w-auto max-sm:min-w-40 max-sm:flex-1"
          value={when ?? ""}
          onChange={(event) =>
            onChange({
              when: whenChoices.find((choice) => choice === event.target.value) ?? null,
              from: null,
              to: null,
            })
          }
        >
          <option value="">{t`Any time`}</option>
          {whenChoices.map((choice) => (
            <option key={choice} value={choice}>
              {times[choice]}
            </option>
          ))}
        </select>
        {when === "between" && (
          <span className="flex flex-wrap items-center gap-2 text-muted">
            <Day label={t`From`} value={from} onChange={(day) => onChange({ from: day })} /> –
            <Day label={t`To`} value={to} onChange={(day) => onChange({ to: day })} />
          </span>
        )}
        {batch !== null && (
          <Chip isOn onClick={() => onChange({ batch: null })}>
            {t`One batch`} <X aria-hidden className="size-3.5" />
            <span className="sr-only">{t`: show all batches`}</span>
          </Chip>
        )}
        {isNarrowed(query) && (
          <Button look="quiet" size="small" onClick={() => onChange(everything)}>
            {t`Show everything`}
          </Button>
        )}
      </div>
    </div>
  );
}

interface ChipProps {
  readonly isOn: boolean;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
}

function Chip({ isOn, onClick, children }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onClick}
      className={cx(
        "inline-flex min-h-9 shrink-0 items-center gap-1.5 rounded-full border px-3.5 text-sm transition-colors",
        isOn ? "border-safelight bg-safelight/10 text-ink" : "text-muted hover:border-edge hover:text-ink",
      )}
    >
      {children}
    </button>
  );
}

function Day({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | null;
  onChange: (day: string | null) => void;
}) {
  return (
    <input
      type="date"
      aria-label={label}
      className="field w-auto"
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value || null)}
    />
  );
}
