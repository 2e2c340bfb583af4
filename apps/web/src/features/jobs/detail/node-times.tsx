import { formatMs } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import { workflowText } from "../../../language/workflow-text.ts";
import type { Provenance } from "../../../trpc/hooks/jobs/use-provenance.ts";

/** What each node took, as bars of one scale; the cached ones took nothing. */
export function NodeTimes({ made, slug }: { made: Provenance; slug: string }) {
  const nodes = made.nodes.map((node) => ({ ...node, title: workflowText(slug, node.title) }));
  const ran = nodes.filter((node) => node.ms !== null);
  const cached = nodes.filter((node) => node.isCached);
  const longest = Math.max(1, ...ran.map((node) => node.ms ?? 0));
  return (
    <div className="space-y-3 text-sm">
      <h3 className="font-medium">{t`Node by node`}</h3>
      {ran.length > 0 && (
        <ul className="space-y-1.5">
          {ran.map(({ node, title, ms }) => (
            <li key={node} className="grid grid-cols-[minmax(0,9rem)_1fr_4rem] items-center gap-3">
              <span className="truncate text-muted" title={t`${title} (node ${node})`}>
                {title}
              </span>
              <span aria-hidden className="h-1.5 rounded-full bg-line">
                <span
                  className="block h-full min-w-px rounded-full bg-safelight-strong/80"
                  style={{ width: `${(100 * (ms ?? 0)) / longest}%` }}
                />
              </span>
              <span className="text-right text-faint tabular-nums">{formatMs(ms ?? 0)}</span>
            </li>
          ))}
        </ul>
      )}
      {cached.length > 0 && (
        <p className="text-faint">{t`Cached, so it took no time: ${cached.map(({ title }) => title).join(", ")}.`}</p>
      )}
      {!made.isWhole && <p className="text-faint">{t`Parts of the run were not heard, so some times are missing.`}</p>}
    </div>
  );
}
