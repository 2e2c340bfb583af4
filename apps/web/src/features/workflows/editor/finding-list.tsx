import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import { t, tServer } from "../../../language/say.ts";
import type { Finding } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { cx } from "../../../ui/class-names.ts";
import { Tick } from "../../../ui/tick.tsx";

const looks = {
  error: { Icon: CircleAlert, color: "text-bad" },
  warning: { Icon: TriangleAlert, color: "text-warn" },
  note: { Icon: Info, color: "text-muted" },
} as const;

const words = () => ({ error: t`Error`, warning: t`Warning`, note: t`Note` });

interface FindingListProps {
  readonly findings: readonly Finding[];
  /** With it, what may be accepted has a box to tick. */
  readonly accepting?: {
    readonly accepted: ReadonlySet<string>;
    readonly onAccept: (id: string, accepted: boolean) => void;
  };
}

/** What a check found, the worst first. */
export function FindingList({ findings, accepting }: FindingListProps) {
  return (
    <ul className="divide-y">
      {findings.map((one) => {
        const { Icon, color } = looks[one.severity];
        return (
          <li key={one.id} className="flex gap-3 py-3 first:pt-0 last:pb-0">
            <Icon aria-label={words()[one.severity]} className={cx("mt-0.5 size-4.5 shrink-0", color)} />
            <div className="min-w-0 space-y-1 text-sm">
              {one.nodeTitle !== null && (
                <p className="font-medium">
                  {one.nodeTitle} <span className="font-normal text-faint">{t`node ${one.nodeId ?? ""}`}</span>
                </p>
              )}
              <p className="break-words text-muted">{tServer(one.message)}</p>
              {one.backends.length > 0 && <p className="text-xs text-faint">{t`On ${one.backends.join(", ")}.`}</p>}
              {accepting !== undefined && one.severity === "error" && one.acceptable && (
                <Tick
                  className="min-h-8 font-medium"
                  label={t`Publish all the same`}
                  isOn={accepting.accepted.has(one.id)}
                  onChange={(isOn) => accepting.onAccept(one.id, isOn)}
                />
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
