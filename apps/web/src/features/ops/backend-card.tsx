import { Pause, Play, Server } from "lucide-react";
import type { ReactNode } from "react";
import { formatBytes } from "../../format.ts";
import { t } from "../../language/say.ts";
import type { BackendView } from "../../trpc/hooks/operators/use-ops.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { Meter } from "../../ui/meter.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { type Device, deviceOf, filesOf, promptsText } from "./backend-facts.ts";
import { BackendModels } from "./backend-models.tsx";
import { SimulatorFaults } from "./simulator-faults.tsx";

const dots = { up: "bg-good", down: "bg-bad", draining: "bg-warn" } as const;
const stateWords = () => ({ up: t`Up`, down: t`Down`, draining: t`Draining` });

interface BackendCardProps {
  readonly backend: BackendView;
  readonly isBusy: boolean;
  readonly onDrain: () => void;
  readonly onResume: () => void;
}

/** A ComfyUI server: its state, device, memory, queue and slots. */
export function BackendCard({ backend, isBusy, onDrain, onResume }: BackendCardProps) {
  const { backendId, state, version, simulator, prompts, slots, warmModel, nodeCount, modelCount, reachedAt } = backend;
  const device = deviceOf(backend.stats);
  return (
    <li className="panel flex flex-col gap-4 p-4">
      <div className="flex items-start gap-3">
        <Server aria-hidden className="mt-0.5 size-5 shrink-0 text-muted" />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium" title={backendId}>
            {backendId}
          </p>
          <p className="text-sm text-muted">
            {simulator ? t`Simulator` : t`ComfyUI`} {version ?? ""}
          </p>
        </div>
        <p className="flex items-center gap-2 text-sm">
          <span aria-hidden className={cx("size-2 rounded-full", dots[state])} />
          {stateWords()[state]}
        </p>
      </div>
      {device !== null && <Memory device={device} />}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm tabular-nums">
        <Fact label={t`Slots`}>{t`${slots.busy} of ${slots.total} in use`}</Fact>
        {prompts !== null && state !== "down" && <Fact label={t`Its queue`}>{promptsText(prompts)}</Fact>}
        <Fact label={t`Warm model`}>
          {warmModel === null ? (
            <span className="text-faint">{t`none known`}</span>
          ) : (
            filesOf(warmModel).map((file) => (
              <span key={file} className="block truncate" title={file}>
                {file}
              </span>
            ))
          )}
        </Fact>
        {nodeCount !== null && <Fact label={t`Node types`}>{nodeCount}</Fact>}
        <Fact label={t`Reached`}>{reachedAt === null ? t`never` : <TimeAgo at={reachedAt} />}</Fact>
      </dl>
      <div className="mt-auto space-y-2">
        {modelCount !== null && modelCount > 0 && <BackendModels backendId={backendId} count={modelCount} />}
        {simulator && <SimulatorFaults backendId={backendId} />}
        {state === "draining" ? (
          <Button size="small" disabled={isBusy} onClick={onResume} title={t`Take work again`}>
            <Play aria-hidden className="size-3.5" /> {t`Resume`}
          </Button>
        ) : (
          <Button size="small" disabled={isBusy} onClick={onDrain} title={t`Finish what runs there, take nothing new`}>
            <Pause aria-hidden className="size-3.5" /> {t`Drain`}
          </Button>
        )}
      </div>
    </li>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

/** The device's name and how full its memory is. */
function Memory({ device: { name, total, free } }: { device: Device }) {
  const isKnown = total !== null && total > 0 && free !== null;
  const text = isKnown ? t`${formatBytes(total - free)} of ${formatBytes(total)} in use` : t`memory unknown`;
  return (
    <div className="space-y-1.5 text-sm tabular-nums">
      <p className="flex flex-wrap justify-between gap-x-3">
        <span className="min-w-0 truncate" title={name}>
          {name}
        </span>
        <span className="text-muted">{text}</span>
      </p>
      {isKnown && <Meter share={(total - free) / total} />}
    </div>
  );
}
