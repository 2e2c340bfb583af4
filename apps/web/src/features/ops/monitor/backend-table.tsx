import Link from "next/link";
import { formatBytes } from "../../../format.ts";
import { paths } from "../../../paths.ts";
import type { Overview } from "../../../trpc/hooks/operators/use-monitor.ts";
import { cx } from "../../../ui/class-names.ts";
import { TimeAgo } from "../../../ui/time-ago.tsx";
import { deviceOf, filesOf } from "../backend-facts.ts";
import { Table } from "./table.tsx";

const dots = { up: "bg-good", down: "bg-bad", draining: "bg-warn" } as const;

/** Every backend: its device and memory, what is loaded, what runs there, when it was last heard of. */
export function BackendTable({ backends }: Pick<Overview, "backends">) {
  if (backends.length === 0) return <p className="panel p-4 text-muted">No backend has been reported yet.</p>;
  return (
    <Table label="Backends" head={["Backend", "Version", "Device", "Memory", "Warm model", "Runs", "Reached"]}>
      {backends.map(({ backendId, state, version, simulator, stats, warmModel, jobIds, prompts, reachedAt }) => {
        const device = deviceOf(stats);
        return (
          <tr key={backendId}>
            <td className="whitespace-nowrap">
              <span className="flex items-center gap-2 font-medium">
                <span aria-hidden className={cx("size-2 shrink-0 rounded-full", dots[state])} />
                {backendId} <span className="sr-only">is {state}</span>
              </span>
            </td>
            <td className="whitespace-nowrap">
              {simulator ? "Simulator" : "ComfyUI"} {version}
            </td>
            <td className="min-w-36 max-w-60">{device?.name ?? "–"}</td>
            <td className="whitespace-nowrap">
              {device?.total && device.free !== null
                ? `${formatBytes(device.total - device.free)} of ${formatBytes(device.total)}`
                : "–"}
            </td>
            <td className="max-w-60 truncate" title={warmModel ?? undefined}>
              {warmModel === null ? <span className="text-faint">none known</span> : filesOf(warmModel).join(", ")}
            </td>
            <td className="whitespace-nowrap">
              {jobIds.length === 0 ? (
                <span className="text-faint">
                  {prompts !== null && prompts.running > 0 ? "somebody else's" : "nothing"}
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
            <td className="whitespace-nowrap">{reachedAt === null ? "never" : <TimeAgo at={reachedAt} />}</td>
          </tr>
        );
      })}
    </Table>
  );
}
