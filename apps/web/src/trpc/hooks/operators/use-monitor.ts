"use client";

import { useEffect } from "react";
import type { RouterOutputs } from "../../client.ts";
import { useServices } from "../../provider.tsx";
import { trpc } from "../../react-hooks.tsx";
import { useConnection } from "../use-connection.ts";

export type Overview = RouterOutputs["monitor"]["overview"];
export type MetricHistory = RouterOutputs["monitor"]["metrics"];
export type MetricRange = MetricHistory["range"];

/** How often the overview is asked for while nothing is told. */
const POLL_MS = 3000;

/**
 * The operators' view, told every second over the tab's line, the same on every web process; asked for while the line is away.
 * Operators only.
 */
export function useOverview(enabled: boolean) {
  const utils = trpc.useUtils();
  const { status } = useConnection();
  const { client } = useServices();
  useEffect(() => {
    if (!enabled) return;
    const told = client.monitor.onOverview.subscribe(undefined, {
      onData: ({ data }) => utils.monitor.overview.setData(undefined, data),
    });
    return () => told.unsubscribe();
  }, [client, utils, enabled]);
  return trpc.monitor.overview.useQuery(undefined, { enabled, refetchInterval: status === "live" ? false : POLL_MS });
}

/** The last hour, day or week from the stored minutes. */
export function useMetricHistory(range: MetricRange) {
  return trpc.monitor.metrics.useQuery(
    { range },
    { refetchInterval: range === "1h" ? 15_000 : 60_000, placeholderData: (previous) => previous },
  );
}

/** Who is connected, for admins; asked for every 5 s. */
export function useConnections(enabled: boolean) {
  return trpc.monitor.connections.useQuery(undefined, { enabled, refetchInterval: 5000 });
}

/** Acknowledges an alert, and silences its rule. */
export function useAlertActions() {
  const utils = trpc.useUtils();
  const options = { onSettled: () => utils.monitor.overview.invalidate() };
  return {
    acknowledge: trpc.alert.acknowledge.useMutation(options),
    silence: trpc.alert.silence.useMutation(options),
  };
}
