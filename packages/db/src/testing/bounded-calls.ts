import { jobStates, outputKinds } from "@darkroom/contracts";
import * as db from "../index.ts";
import { encodeCursor } from "../reads/page-cursor.ts";
import { heavyOwner, otherOwner } from "./fill-jobs.ts";
import { rareWords } from "./prompt-words.ts";

export type Calls = Record<string, () => Promise<unknown>>;

/**
 * What must cost the same however many jobs have ended, by the exported function that asks it, each with every filter that
 * it has: the lists that people page through (`lists`), their searches, and what processes ask on a timer (`periodic`).
 */
export interface BoundedCalls {
  readonly lists: Record<string, Calls>;
  readonly searches: Record<string, Calls>;
  readonly periodic: Record<string, Calls>;
}

/**
 * The functions that find by their key, or write, a number of rows that their caller gave, or that were made by hand
 * (workflows, their versions, keys of an owner): nothing in them grows with the number of jobs.
 */
export const byKey: readonly string[] = `
  acknowledgeAlert acquireSlot allowNodes allowedNodes attemptAtWork changedRules claimAdminLink claimJob closeDispatch createAdminLink createDatabase feedReads
  createOutput createUpload describeShare discardDeadLetters ensureOwner favoriteOutput forbidNodes hideShared inTransaction insertApiKey isTransient jobProvenance
  savePushSubscription removePushSubscription settlePush publishEvent insertWebhook listWebhooks updateWebhook removeWebhook redeliver claimDeliveries settleDelivery
  jobSource jobTimeline jobView keepForJob linkGuest listApiKeys listWorkflows latestVersions outputById outputFile outputsToArchive ownerById ownerNames
  ownersOfAccount previewSubmit publishVersion readEntrances readRetention recordAction recordDispatch refuseUnusable releaseSlot removeJob removeOutput removeOwner usageOf
  removeUpload renameOwner reportShared requestOfJob requestCancel requestCancelBatch revokeApiKey saveWorkflow seedWorkflows setBackendDraining setEntrance setNotice setPaused
  setRetention withinDays otherRequest secondFactorsWithout replaceSecondFactor
  setRole setWorkflowArchived settleJob shareOutput sharedOutput sharedPicture silenceAlerts sizeOf stageJob storeEndedAlert submitJobs takeOverGuest uploadFile upsertBackend
  workflowBy workflowVersions warmConnections
`
  .trim()
  .split(/\s+/);

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

const PAGE = 30;
/** A page that nobody reaches but by a script; of a shorter list its last. */
const DEEP = 1000;

/** Of a database that `fillJobs` has filled. */
export async function boundedCalls(database: db.Database): Promise<BoundedCalls> {
  const owners = { own: [heavyOwner], "of three owners": [heavyOwner, otherOwner(3), otherOwner(77)], all: null };
  const jobs: Calls = {};
  const searches: Calls = {};
  for (const [whose, ownerIds] of Object.entries(owners)) {
    const list = (filter: Partial<db.JobFilter>) => () => db.listJobs(database, { ownerIds, limit: PAGE, ...filter });
    const deep = await deepCursor(database, ownerIds);
    jobs[`${whose}, page 1`] = list({});
    jobs[`${whose}, page ${DEEP}`] = list({ cursor: deep });
    for (const state of jobStates) jobs[`${whose}, ${state}`] = list({ state });
    jobs[`${whose}, failed or canceled`] = list({ state: ["failed", "canceled"] });
    jobs[`${whose}, of a workflow`] = list({ workflow: "upscale" });
    jobs[`${whose}, of a workflow, page ${DEEP}`] = list({ workflow: "upscale", cursor: deep });
    jobs[`${whose}, of a workflow, failed`] = list({ workflow: "upscale", state: "failed" });
    jobs[`${whose}, of no workflow that there is`] = list({ workflow: "none" });
    jobs[`${whose}, of a batch`] = list({ batchId: heavyOwner });
    jobs[`${whose}, of a month`] = list({ from: daysAgo(200), to: daysAgo(170) });
    jobs[`${whose}, of a month, of a workflow`] = list({ from: daysAgo(200), to: daysAgo(170), workflow: "upscale" });
    // Operators have no list of everyone's favorites.
    if (ownerIds !== null) {
      jobs[`${whose}, favorites`] = list({ favorite: true });
      jobs[`${whose}, favorites, failed`] = list({ favorite: true, state: "failed" });
      jobs[`${whose}, favorites of a workflow`] = list({ favorite: true, workflow: "upscale" });
      jobs[`${whose}, favorites of a month`] = list({ favorite: true, from: daysAgo(200), to: daysAgo(170) });
      searches[`${whose}, rare, favorites`] = list({ favorite: true, search: rareWords.latin });
    }
    for (const [kind, search] of Object.entries(rareWords)) searches[`${whose}, rare, ${kind}`] = list({ search });
    searches[`${whose}, in one of a thousand`] = list({ search: "kalo" });
    searches[`${whose}, in one of 10,000`] = list({ search: "kalomi" });
    searches[`${whose}, in most`] = list({ search: "the" });
    searches[`${whose}, in none`] = list({ search: "qwqwqw" });
    searches[`${whose}, rare, of the failed`] = list({ search: rareWords.latin, state: "failed" });
  }
  const outputs = (filter: object) => () =>
    db.listOutputs(database, { ownerIds: [heavyOwner], limit: PAGE, ...filter });
  return {
    lists: {
      listJobs: jobs,
      listDeadLetters: { "page 1": () => db.listDeadLetters(database, { limit: PAGE }) },
      listOutputs: {
        "page 1": outputs({}),
        [`page ${DEEP}`]: outputs({ cursor: await deepCursor(database, [heavyOwner]) }),
        ...Object.fromEntries(outputKinds.map((kind) => [kind, outputs({ kind })])),
        "of a workflow": outputs({ workflow: "upscale" }),
        "of a job": outputs({ jobId: heavyOwner }),
      },
      listUploads: { "page 1": () => db.listUploads(database, { ownerIds: [heavyOwner], limit: PAGE }) },
      listOwners: { "page 1": () => db.listOwners(database, { limit: PAGE }) },
      listAlerts: {
        "page 1": () => db.listAlerts(database, { limit: PAGE }),
        open: () => db.listAlerts(database, { open: true, limit: PAGE }),
      },
      listDeliveries: {
        "page 1": () => db.listDeliveries(database, { webhookId: heavyOwner, ownerIds: [heavyOwner], limit: PAGE }),
      },
      listShared: Object.fromEntries(
        db.galleryShelves.map((shelf) => [shelf, () => db.listShared(database, { shelf, limit: PAGE })]),
      ),
      listWaiting: { "page 1": () => db.listWaiting(database, { limit: PAGE }) },
      usageReport: {
        "page 1": () => db.usageReport(database, { from: "2000-01-01", to: "2999-01-01", limit: PAGE }),
        "page 2": () =>
          db.usageReport(database, { from: "2000-01-01", to: "2999-01-01", limit: PAGE, cursor: `${otherOwner(3)}.` }),
      },
      listActions: { "page 1": () => db.listActions(database, { limit: PAGE }) },
    },
    searches: { listJobs: searches, previewRetention: retentionCalls(database) },
    periodic: await periodicCalls(database),
  };
}

/** A dry run of each rule, counting a thousand of what it finds. */
function retentionCalls(database: db.Database): Calls {
  const preview = (changes: db.RetentionChanges) => () =>
    db.previewRetention(database, db.changedRules(db.noRules, changes), { most: 1000 });
  return {
    "by days": preview({ jobs: { days: 30 }, uploads: { days: 30 }, events: { days: 1 } }),
    "files by days": preview({ outputs: { days: 30 } }),
    "by number": preview({ jobs: { perOwner: 10 }, outputs: { perOwner: 10 }, events: { perOwner: 100 } }),
    "by a number that few have": preview({ jobs: { perOwner: 2000 }, outputs: { perOwner: 2000 } }),
    "by number and days": preview({ jobs: { perOwner: 10, days: 30 } }),
    "files by number and days": preview({ outputs: { perOwner: 10, days: 30 } }),
  };
}

async function periodicCalls(database: db.Database): Promise<BoundedCalls["periodic"]> {
  const { sql } = database;
  const waiting = await sql<{ id: string }[]>`SELECT id FROM jobs WHERE state = 'queued' LIMIT 20`;
  const jobIds = waiting.map(({ id }) => id);
  const ownerIds = [heavyOwner, otherOwner(3)];
  const [head = 0] = (await db.readFeedHeads(database, ownerIds)).values();
  const backendId = "b1";
  const only = (call: () => Promise<unknown>): Calls => ({ "": call });
  return {
    maintain: {
      "a tick": () => db.maintain(database, { leaseSeconds: 10, jobTimeoutSeconds: 600 }),
      "a tick that sweeps": async () => {
        await sql`UPDATE maintenance SET swept_at = now() - interval '2 minutes'`;
        await db.maintain(database, { leaseSeconds: 10, jobTimeoutSeconds: 600 });
      },
    },
    unqueuedCandidates: only(() => db.unqueuedCandidates(database)),
    queuedInOrder: only(() => db.queuedInOrder(database)),
    recentRuns: only(() => db.recentRuns(database)),
    runningJobs: only(() => db.runningJobs(database)),
    queuedJobs: only(() => db.queuedJobs(database)),
    waitingJobs: only(() => db.waitingJobs(database, jobIds)),
    liveSlots: only(() => db.liveSlots(database)),
    queueStats: only(() => db.queueStats(database)),
    waitingGroups: only(() => db.waitingGroups(database)),
    countFollowedJobs: only(() => db.countFollowedJobs(database, { ownerIds, jobIds })),
    changeAlerts: only(() => db.changeAlerts(database, () => [])),
    alertFacts: only(() => db.alertFacts(database)),
    leadsAlertCheck: only(() => db.leadsAlertCheck(database, 5)),
    noteMinutes: only(() => db.noteMinutes(database, async () => null)),
    readMinutes: only(() => db.readMinutes(database, { hours: 1, stepMinutes: 1 })),
    readNotice: only(() => db.readNotice(database)),
    claimPushes: only(() => db.claimPushes(database, { limit: 20 })),
    planDeliveries: only(() => db.planDeliveries(database)),
    isPaused: only(() => db.isPaused(database)),
    hasAdmin: only(() => db.hasAdmin(database)),
    hasPendingMigrations: only(() => db.hasPendingMigrations(database)),
    readFeed: only(() =>
      db.readFeed(database, { cursors: [{ ownerId: heavyOwner, afterSeq: head - 10 }], limit: 500 }),
    ),
    readFeedTails: only(() => db.readFeedTails(database, { ownerIds, limit: 100 })),
    readFeedHeads: only(() => db.readFeedHeads(database, ownerIds)),
    readJobStates: only(() => db.readJobStates(database, jobIds)),
    snapshot: only(() => db.snapshot(database, { ownerIds })),
    resolveCredentials: only(() =>
      db.resolveCredentials(database, [
        { kind: "guest", ownerId: heavyOwner },
        { kind: "apiKey", hash: "0".repeat(64) },
        { kind: "session", token: "none" },
      ]),
    ),
    listBackends: only(() => db.listBackends(database)),
    backendModels: only(() => db.backendModels(database)),
    liveCatalogs: only(() => db.liveCatalogs(database)),
    describedBackends: only(() => db.describedBackends(database)),
    openDispatches: only(() => db.openDispatches(database, { backendId })),
    admit: only(() => db.admit(database, { backendId, kind: "run", concurrency: 1 })),
    shouldRelease: only(() => db.shouldRelease(database, { backendId, jobId: jobIds[0] ?? heavyOwner })),
    heartbeat: only(() =>
      db.heartbeat(database, { workerId: "w1", leaseSeconds: 10, jobs: [], slots: [{ backendId, ordinal: 0 }] }),
    ),
    leadsFileSweep: only(() => db.leadsFileSweep(database, 3600)),
    unnamedFiles: only(() => db.unnamedFiles(database, ["0".repeat(64), "1".repeat(64)])),
  };
}

/** Where the thousandth page of an owner's jobs (null: of all) begins, or the last one. */
export async function deepCursor({ sql }: db.Database, ownerIds: readonly string[] | null): Promise<string> {
  const isOfOwners = ownerIds === null ? sql`true` : sql`owner_id = ANY(${[...ownerIds]}::uuid[])`;
  const [row] = await sql<{ at: Date; id: string }[]>`
    SELECT created_at AS at, id FROM (
      SELECT created_at, id FROM jobs WHERE ${isOfOwners} ORDER BY created_at DESC, id DESC LIMIT ${PAGE * (DEEP - 1)}) read
    ORDER BY created_at, id OFFSET ${PAGE} LIMIT 1`;
  if (row === undefined) throw new Error("there are too few jobs for a deep page");
  return encodeCursor({ at: row.at.toISOString(), id: row.id });
}

/** Makes the backends of `fillJobs` live for the ten seconds to come. */
export async function reportBackends({ sql }: db.Database): Promise<void> {
  await sql`UPDATE backends SET seen_at = now(), reached_at = now()`;
}
