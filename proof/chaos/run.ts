import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { type Audit, audit } from "./audit.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { inflict, type PlannedFault, planFaults, type Setting } from "./faults.ts";
import { appendLine } from "./journal.ts";
import { planSubmits, startLoad } from "./load.ts";
import { createRandom } from "./random.ts";
import { type Crash, files } from "./records.ts";
import { createSubscriber, type Subscriber } from "./subscriber.ts";
import { createGuest, createService, type Tally, type Visitor } from "./visitor.ts";

/** What runs, and who uses it. */
export interface RunSetting extends Setting {
  readonly guests: number;
  /** Owners that use an API key. */
  readonly services: number;
}

export interface RunOptions {
  readonly seed: number;
  /** Faults begin within this time; then everything is put right and the product has to finish. */
  readonly faultsForMs: number;
  readonly gapMs: readonly [number, number];
  readonly jobs: number;
  readonly setting: RunSetting;
  readonly folder: string;
  /** How long, after the last fault is put right, jobs and subscribers may need to come to rest. */
  readonly restWithinMs: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface RunResult extends Audit {
  readonly faults: readonly PlannedFault[];
  /** From the end of the last fault until every job had ended and every subscriber knew it. */
  readonly restMs: number;
  readonly tally: Tally;
}

/** One run of chaos: the product under load and faults, then at rest, then judged. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const { seed, folder, jobs, setting, say, signal } = options;
  const crashed = (part: string, how: string): void => {
    say(`${part} ended by itself: ${how}`);
    appendLine(join(folder, files.crashes), { part, how } satisfies Crash);
  };
  const cluster = await startCluster({ ...setting, folder, speed: 20, concurrency: 2, onCrash: crashed });
  const subscribers: Subscriber[] = [];
  const tally: Tally = new Map();
  try {
    await untilReady(cluster, setting.simulators, signal);
    const visitors = await Promise.all([
      ...Array.from({ length: setting.guests }, () => createGuest(cluster)),
      ...Array.from({ length: setting.services }, () => createService(cluster)),
    ]);
    subscribers.push(...(await subscribe(cluster, visitors, folder)));
    // The first of each owner's; the second ones only watch.
    const primary = subscribers.slice(0, visitors.length);
    const ended = () => primary.reduce((sum, subscriber) => sum + subscriber.ended(), 0);

    const faults = planFaults(seed, setting, { untilMs: options.faultsForMs, gapMs: options.gapMs });
    const over = new AbortController();
    const stopping = AbortSignal.any([signal, over.signal]);
    const load = startLoad(planSubmits(seed, { jobs, visitors: visitors.length }), {
      ...{ folder, visitors, ended, tally, signal: stopping },
      webUrls: cluster.webUrls,
      submitters: 12,
      maxOpen: 120,
    });
    const reloading = reloadNowAndThen(subscribers, seed, stopping);
    await inflictAll(faults, { cluster, folder, signal, say, ended: load.accepted });

    const healedAt = performance.now();
    const rest = AbortSignal.any([signal, AbortSignal.timeout(options.restWithinMs)]);
    await Promise.race([load.done, aborted(rest)]);
    await untilAtRest(cluster, subscribers, rest);
    const restMs = performance.now() - healedAt;
    over.abort();
    await Promise.all([load.done, reloading]);
    for (const subscriber of subscribers) subscriber.close();
    signal.throwIfAborted();

    const judged = await audit({ databaseUrl: cluster.databaseUrl, folder, storageFolder: cluster.storageFolder });
    judged.violations.lost.push(...load.refusals);
    return { ...judged, faults, restMs, tally };
  } finally {
    for (const subscriber of subscribers) subscriber.close();
    await cluster.close();
  }
}

async function subscribe(cluster: Cluster, visitors: readonly Visitor[], folder: string): Promise<Subscriber[]> {
  const twice = [...visitors, ...visitors.slice(0, Math.ceil(visitors.length / 3))];
  return Promise.all(
    twice.map((visitor, index) =>
      createSubscriber(visitor, { webUrls: cluster.webUrls, file: join(folder, files.feed(index)) }),
    ),
  );
}

/** A tab is reloaded every second or two, some tab of all. */
async function reloadNowAndThen(subscribers: readonly Subscriber[], seed: number, signal: AbortSignal): Promise<void> {
  const random = createRandom(seed ^ 0x7ab);
  while (!signal.aborted) {
    await sleep(random.between(700, 2000), undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) random.pick(subscribers).reload();
  }
}

async function inflictAll(
  faults: readonly PlannedFault[],
  context: { cluster: Cluster; folder: string; signal: AbortSignal; say: RunOptions["say"]; ended: () => number },
): Promise<void> {
  const { cluster, folder, signal, say } = context;
  const startedAt = performance.now();
  const underWay: Promise<void>[] = [];
  for (const fault of faults) {
    await sleep(Math.max(0, startedAt + fault.atMs - performance.now()), undefined, { signal });
    const { name, kind: _kind, ...facts } = fault;
    appendLine(join(folder, files.faults), { at: Date.now(), ...fault });
    say(`${name} ${JSON.stringify(facts)}; ${context.ended()} jobs accepted`);
    underWay.push(
      inflict(fault, cluster, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      }),
    );
  }
  await Promise.all(underWay);
}

/** Every part started, every backend seen, every link whole: the faults begin with a product that works. */
async function untilReady({ webUrls }: Cluster, backends: number, signal: AbortSignal): Promise<void> {
  const isReady = async (webUrl: string): Promise<boolean> => {
    const answer = await fetch(`${webUrl}/api/ready`).catch(() => null);
    const report = (await answer?.json().catch(() => null)) as { status: string; backends: { up: number } } | null;
    return report?.status === "ready" && report.backends.up === backends;
  };
  for (;;) {
    signal.throwIfAborted();
    const ready = await Promise.all(webUrls.map(isReady));
    if (ready.every(Boolean)) return;
    await sleep(50);
  }
}

/** Until no job is open and every subscriber has as many events as there are, or the signal ends. */
async function untilAtRest(
  { databaseUrl }: Cluster,
  subscribers: readonly Subscriber[],
  signal: AbortSignal,
): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    while (!signal.aborted) {
      const [{ open } = { open: 1 }] = await sql<{ open: number }[]>`
        SELECT count(*)::int AS open FROM jobs WHERE state NOT IN ('succeeded', 'failed', 'canceled')`;
      const feeds = await sql<{ ownerId: string; seq: number }[]>`
        SELECT owner_id AS "ownerId", seq::int AS seq FROM owner_feeds`;
      const seqOf = new Map(feeds.map(({ ownerId, seq }) => [ownerId, seq]));
      if (open === 0 && subscribers.every(({ ownerId, seen }) => seen() >= (seqOf.get(ownerId) ?? 0))) return;
      await sleep(100);
    }
  } finally {
    await sql.end();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
