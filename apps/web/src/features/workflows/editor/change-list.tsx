import { TriangleAlert } from "lucide-react";
import { t, tServer } from "../../../language/say.ts";
import type { useDiff } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { Skeleton } from "../../../ui/skeleton.tsx";

type Changes = NonNullable<ReturnType<typeof useDiff>>["changes"];

interface ChangeListProps {
  /** Undefined while they are being compared. */
  readonly changes: Changes | undefined;
  readonly from: number;
  readonly accepting: {
    readonly accepted: ReadonlySet<string>;
    readonly onAccept: (id: string, accepted: boolean) => void;
  };
}

/** What differs from another version: first what breaks its callers, then the rest. */
export function ChangeList({ changes, from, accepting }: ChangeListProps) {
  const breaking = changes?.filter((change) => change.breaking) ?? [];
  const others = changes?.filter((change) => !change.breaking) ?? [];
  return (
    <section className="panel space-y-4 p-5" aria-labelledby="changes-heading">
      <h2 id="changes-heading" className="font-display text-2xl">
        {t`Changes from version ${from}`}
      </h2>
      {changes === undefined && <Skeleton className="h-16" />}
      {changes?.length === 0 && <p className="text-sm text-muted">{t`None.`}</p>}
      {breaking.length > 0 && (
        <div className="space-y-3 rounded-xl border border-warn/40 bg-warn/8 p-4">
          <p className="flex items-center gap-2 font-medium">
            <TriangleAlert aria-hidden className="size-4.5 text-warn" /> {t`This breaks callers of version ${from}`}
          </p>
          <ul className="space-y-2 text-sm">
            {breaking.map(({ id, message }) => (
              <li key={id}>
                <label className="flex cursor-pointer items-start gap-2.5">
                  <input
                    type="checkbox"
                    className="mt-0.5 size-4.5 shrink-0 accent-(--safelight-strong)"
                    checked={accepting.accepted.has(id)}
                    onChange={(event) => accepting.onAccept(id, event.target.checked)}
                  />
                  <span>{tServer(message)}</span>
                </label>
              </li>
            ))}
          </ul>
          <p className="text-xs text-muted">{t`Tick each to publish it. Callers that name version ${from} keep it.`}</p>
        </div>
      )}
      {others.length > 0 && (
        <ul className="space-y-1.5 text-sm text-muted">
          {others.map(({ id, message }) => (
            <li key={id} className="break-words">
              {tServer(message)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
