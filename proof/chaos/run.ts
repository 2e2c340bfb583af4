import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { type Audit, audit } from "./audit.ts";
import { type Cluster, startCluster, untilReady } from "./cluster.ts";
import { inflict, type PlannedFault, planFaults, type Setting } from "./faults.ts";
import { appendLine } from "./journal.ts";
import { type Load, planSubmits, startLoad } from "./load.ts";
import { createRandom } from "./random.ts";
import { type Crash, type FaultLine, files } from "./records.ts";
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
  /** Faults begin within this time at the pace of a quiet machine, and not after the load has ended; then all is put right. */
  readonly faultsForMs: number;
  readonly gapMs: readonly [number, number];
  /** At most; fewer if the time does not allow them. */
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

/** What the whole product takes from its start until it is ready, on two cores that do nothing else. */
const QUIET_START_MS = 10_000;
/** A run must end some time, and what is inflicted lasts as long as on any machine. */
const SLOWEST_PACE = 4;

/** One run of chaos: the product under load and faults, then at rest, then judged. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const { seed, folder, jobs, setting, say, signal } = options;
  const crashed = (part: string, how: string): void => {
    say(`${part} ended by itself: ${how}`);
    appendLine(join(folder, files.crashes), { part, how } satisfies Crash);
  };
  const begunAt = performance.now();
  const cluster = await startCluster({ ...setting, folder, speed: 20, concurrency: 3, onCrash: crashed });
  const subscribers: Subscriber[] = [];
  const tally: Tally = new Map();
  try {
    await untilReady(cluster, signal);
    // On a machine that is busy with other work faults come as much later: between two of them some work must get done.
    const pace = Math.min(SLOWEST_PACE, Math.max(1, (performance.now() - begunAt) / QUIET_START_MS));
    say(`ready; faults come ${pace.toFixed(1)} times as slowly as planned`);
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
    const enough = new AbortController();
    const load = startLoad(planSubmits(seed, { jobs, visitors: visitors.length }), {
      ...{ folder, visitors, ended, tally, enough: enough.signal, signal: stopping },
      webUrls: cluster.webUrls,
      submitters: 10 * setting.webs,
      maxOpen: 30 * setting.simulators,
    });
    const reloading = reloadNowAndThen(subscribers, seed, stopping);
    void load.done.then(() => enough.abort());
    const inflicted = await inflictAll(faults, { cluster, pace, folder, say, signal, enough: enough.signal, load });
    enough.abort();

    say("the faults are over");
    const healedAt = performance.now();
    const rest = AbortSignal.any([signal, AbortSignal.timeout(options.restWithinMs)]);
    await Promise.race([load.done, aborted(rest)]);
    await untilAtRest(cluster, subscribers, rest);
    const restMs = performance.now() - healedAt;
    say(`at rest after ${Math.round(restMs / 1000)} s`);
    over.abort();
    await Promise.all([load.done, reloading]);
    for (const subscriber of subscribers) subscriber.close();
    signal.throwIfAborted();

    const judged = await audit({ databaseUrl: cluster.databaseUrl, folder, pathOf: cluster.pathOf });
    judged.violations.lost.push(...load.refusals);
    return { ...judged, faults: inflicted, restMs, tally };
  } finally {
    for (const subscriber of subscribers) subscriber.close();
    await cluster.close();
  }
}

async function subscribe(cluster: Cluster, visitors: readonly Visitor[], folder: string): Promise<Subscriber[]> {
  const twice = [...visitors, ...visitors.slice(0, Math.ceil(visitors.length / 3))];
  return Promise.all(
    twice.map((visitor, index) =>
      createSubscriber(visitor, {
        webUrls: cluster.webUrls,
        file: join(folder, files.feed(index)),
        // A third of them over server-sent events, among those who watch alone and those who watch with another.
        over: index % 3 === 2 ? "stream" : "socket",
      }),
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

/** One after another as planned, until the load has ended; resolves, with those that came, when all are put right. */
async function inflictAll(
  plan: readonly PlannedFault[],
  context: {
    readonly cluster: Cluster;
    /** What planned times are multiplied by. */
    readonly pace: number;
    readonly folder: string;
    readonly say: RunOptions["say"];
    readonly signal: AbortSignal;
    readonly enough: AbortSignal;
    readonly load: Load;
  },
): Promise<PlannedFault[]> {
  const { cluster, pace, folder, say, signal, enough, load } = context;
  const startedAt = performance.now();
  const underWay: Promise<void>[] = [];
  const inflicted: PlannedFault[] = [];
  for (const fault of plan) {
    await sleep(Math.max(0, startedAt + fault.atMs * pace - performance.now()), undefined, { signal: enough }).catch(
      () => {},
    );
    signal.throwIfAborted();
    if (enough.aborted) break;
    const { name, kind: _kind, ...facts } = fault;
    appendLine(join(folder, files.faults), { at: Date.now(), ...fault } satisfies FaultLine);
    say(`${name} ${JSON.stringify(facts)}; ${load.accepted()} jobs accepted, ${load.open()} open`);
    inflicted.push(fault);
    const one = inflict(fault, cluster, signal);
    // Awaited at the end; until then a failure must not count as unhandled.
    one.catch(() => undefined);
    underWay.push(one);
  }
  await Promise.all(underWay);
  return inflicted;
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
