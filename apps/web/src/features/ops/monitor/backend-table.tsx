import { formatBytes } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import { paths } from "../../../paths.ts";
import type { Overview } from "../../../trpc/hooks/operators/use-monitor.ts";
import { cx } from "../../../ui/class-names.ts";
import { Link } from "../../../ui/link.tsx";
import { TimeAgo } from "../../../ui/time-ago.tsx";
import { deviceOf, filesOf } from "../backend-facts.ts";
import { Table } from "./table.tsx";

const dots = { up: "bg-good", down: "bg-bad", draining: "bg-warn" } as const;
const isWords = () => ({ up: t`is up`, down: t`is down`, draining: t`is draining` });

/** Every backend: its device and memory, what is loaded, what runs there, when it was last heard of. */
export function BackendTable({ backends }: Pick<Overview, "backends">) {
  if (backends.length === 0) return <p className="panel p-4 text-muted">{t`No backend has been reported yet.`}</p>;
  return (
    <Table
      label={t`Backends`}
      head={[t`Backend`, t`Version`, t`Device`, t`Memory`, t`Warm model`, t`Runs`, t`Reached`]}
    >
      {backends.map(({ backendId, state, version, simulator, stats, warmModel, jobIds, prompts, reachedAt }) => {
        const device = deviceOf(stats);
        return (
          <tr key={backendId}>
            <td className="whitespace-nowrap">
              <span className="flex items-center gap-2 font-medium">
                <span aria-hidden className={cx("size-2 shrink-0 rounded-full", dots[state])} />
                {backendId} <span className="sr-only">{isWords()[state]}</span>
              </span>
            </td>
            <td className="whitespace-nowrap">
              {simulator ? t`Simulator` : t`ComfyUI`} {version}
            </td>
            <td className="min-w-36 max-w-60">{device?.name ?? "–"}</td>
            <td className="whitespace-nowrap">
              {device?.total && device.free !== null
                ? t`${formatBytes(device.total - device.free)} of ${formatBytes(device.total)}`
                : "–"}
            </td>
            <td className="max-w-60 truncate" title={warmModel ?? undefined}>
              {warmModel === null ? <span className="text-faint">{t`none known`}</span> : filesOf(warmModel).join(", ")}
            </td>
            <td className="whitespace-nowrap">
              {jobIds.length === 0 ? (
                <span className="text-faint">
                  {prompts !== null && prompts.running > 0 ? t`somebody else's` : t`nothing`}
                </span>
              ) : (
                jobIds.map((jobId) => (
                  <Link
                    key={jobId}
                    href={paths.job(jobId)}
                    className="block font-mono text-xs underline hover:text-safelight"
                  >
                    {jobId.slice(-8)}
                  </Link>
                ))
              )}
            </td>
            <td className="whitespace-nowrap">{reachedAt === null ? t`never` : <TimeAgo at={reachedAt} />}</td>
          </tr>
        );
      })}
    </Table>
  );
}
