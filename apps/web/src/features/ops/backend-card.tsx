import { Server } from "lucide-react";
import { formatBytes } from "../../format.ts";
import type { BackendView } from "../../trpc/use-ops.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { TimeAgo } from "../../ui/time-ago.tsx";

interface Device {
  readonly name: string;
  readonly total: number | null;
  readonly free: number | null;
}

/** The first device of ComfyUI's `/system_stats`. */
function deviceOf(stats: BackendView["stats"]): Device | null {
  const devices: unknown = stats?.devices;
  const first: unknown = Array.isArray(devices) ? devices[0] : undefined;
  if (typeof first !== "object" || first === null) return null;
  const facts = first as Record<string, unknown>;
  const number = (key: string): number | null => (typeof facts[key] === "number" ? facts[key] : null);
  return { name: String(facts.name ?? "device"), total: number("vram_total"), free: number("vram_free") };
}

const states = {
  up: { word: "Up", dot: "bg-good" },
  down: { word: "Down", dot: "bg-bad" },
  draining: { word: "Draining", dot: "bg-warn" },
} as const;

interface BackendCardProps {
  readonly backend: BackendView;
  readonly isBusy: boolean;
  readonly onDrain: () => void;
  readonly onResume: () => void;
}

/** A ComfyUI server: whether it lives, what it has, how much of it is in use. */
export function BackendCard({ backend, isBusy, onDrain, onResume }: BackendCardProps) {
  const device = deviceOf(backend.stats);
  const { word, dot } = states[backend.state];
  return (
    <li className="panel space-y-3 p-4">
      <div className="flex items-start gap-3">
        <Server aria-hidden className="mt-0.5 size-5 text-muted" />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{backend.backendId}</p>
          <p className="text-sm text-muted">
            {backend.simulator ? "Simulator" : "ComfyUI"} {backend.version ?? ""}
          </p>
        </div>
        <p className="flex items-center gap-2 text-sm">
          <span aria-hidden className={cx("size-2 rounded-full", dot)} />
          {word}
        </p>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm tabular-nums">
        <dt className="text-muted">Slots</dt>
        <dd>
          {backend.slots.busy} of {backend.slots.total} in use
        </dd>
        {device !== null && (
          <>
            <dt className="text-muted">Device</dt>
            <dd className="truncate" title={device.name}>
              {device.name}
              {device.total !== null &&
                device.free !== null &&
                `, ${formatBytes(device.free)} of ${formatBytes(device.total)} free`}
            </dd>
          </>
        )}
        <dt className="text-muted">Reached</dt>
        <dd>{backend.reachedAt === null ? "never" : <TimeAgo at={backend.reachedAt} />}</dd>
      </dl>
      {backend.state === "draining" ? (
        <Button size="small" disabled={isBusy} onClick={onResume}>
          Take work again
        </Button>
      ) : (
        <Button size="small" disabled={isBusy} onClick={onDrain} title="Finish what runs there, take nothing new">
          Drain
        </Button>
      )}
    </li>
  );
}
