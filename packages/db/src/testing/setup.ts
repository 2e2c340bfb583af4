import { type Failure, newId, type OwnedEvent, type WorkflowDefinition } from "@darkroom/contracts";
import type { ClaimedJob } from "../attempts/claim-job.ts";
import { claimJob } from "../attempts/claim-job.ts";
import { type NewJob, type StoredSubmit, type Submission, submitJobs } from "../jobs/submit-jobs.ts";
import type { SubmitLimits } from "../jobs/submit-limits.ts";
import type { Database } from "../postgres/client.ts";
import { seedWorkflows } from "../workflows/seed-workflows.ts";
import { type WorkflowRecord, workflowBy } from "../workflows/workflows.ts";
import { createTestDatabase } from "./database.ts";

// What the tests of this package start from. Only tests import it.

export const definition: WorkflowDefinition = {
  slug: "picture",
  name: "Picture",
  description: "A picture.",
  graph: { "1": { class_type: "Loader", inputs: { file: "" } }, "2": { class_type: "Save", inputs: { seed: 0 } } },
  parameters: [
    { kind: "text", name: "prompt", label: "Prompt", required: true },
    { kind: "seed", name: "seed", label: "Seed", required: false, min: 0, max: Number.MAX_SAFE_INTEGER },
  ],
  bindings: [{ parameter: "seed", node: "2", input: "seed" }],
  outputs: ["2"],
};

export const limits: SubmitLimits = {
  submitsPerMinute: 1000,
  generationsPerHour: 1000,
  maxWaitingPerOwner: 1000,
  maxWaiting: 5000,
  storedBytesPerOwner: null,
};

export const failure: Failure = { code: "NODE_FAILED", message: "A node failed.", retryable: true };

export interface Setup {
  readonly database: Database;
  readonly url: string;
  readonly workflow: WorkflowRecord;
  newJob(changes?: Partial<NewJob>): NewJob;
  submit(changes?: Partial<Submission>): Promise<StoredSubmit>;
  submitTo(database: Database, changes?: Partial<Submission>): Promise<StoredSubmit>;
  /** A waiting job of `ownerId`. */
  queued(ownerId: string, changes?: Partial<NewJob>): Promise<string>;
  /** A job that runs at worker `w1` on backend `b1`. */
  running(ownerId: string, changes?: Partial<NewJob>): Promise<ClaimedJob>;
  claim(
    jobId: string,
    changes?: Partial<Parameters<typeof claimJob>[1]>,
    through?: Database,
  ): ReturnType<typeof claimJob>;
  /** Everything in the owner's feed. */
  feed(ownerId: string): Promise<OwnedEvent[]>;
  /** Moves every lease of jobs and slots into the past, as if nobody had renewed them. */
  expireLeases(): Promise<void>;
  /** Makes maintenance look as if it had ticked all along. */
  tickedAllAlong(): Promise<void>;
  drop(): Promise<void>;
}

/** A job of a workflow, ready to store, that any backend with the capability `able` can run. */
export function newJobOf({ workflowId, workflowVersionId }: WorkflowRecord): NewJob {
  return {
    jobId: newId(),
    workflowId,
    workflowVersionId,
    inputs: { prompt: "a red cube", seed: 1 },
    seed: 1,
    priority: "normal",
    idempotencyKey: null,
    inputsHash: "hash",
    capability: { nodes: ["Loader", "Save"], models: [] },
    capabilityKey: "able",
    modelKey: null,
    metadata: null,
    retryOf: null,
  };
}

/** A database of one's own with one published workflow. */
export async function setup(adminUrl: string): Promise<Setup> {
  const { database, url, drop } = await createTestDatabase(adminUrl);
  const { sql } = database;
  await seedWorkflows(database, [definition]);
  const workflow = await workflowBy(database, { idOrSlug: definition.slug });
  if (workflow === null) throw new Error("the workflow was not seeded");

  const newJob: Setup["newJob"] = (changes) => ({ ...newJobOf(workflow), ...changes });
  const submitTo: Setup["submitTo"] = (through, changes) => {
    const base = { ownerId: newId(), ownerKind: "account", addressKey: null, limits, jobs: [newJob()] } as const;
    return submitJobs(through, { ...base, ...changes });
  };
  const submit: Setup["submit"] = (changes) => submitTo(database, changes);
  const queued: Setup["queued"] = async (ownerId, changes) => {
    const job = newJob(changes);
    await submit({ ownerId, jobs: [job] });
    return job.jobId;
  };
  const claim: Setup["claim"] = (jobId, changes, through = database) =>
    claimJob(through, { jobId, workerId: "w1", backendId: "b1", leaseSeconds: 30, ...changes });

  return {
    database,
    url,
    workflow,
    newJob,
    submit,
    submitTo,
    queued,
    claim,
    drop,
    async running(ownerId, changes) {
      const claimed = await claim(await queued(ownerId, changes));
      if (claimed === null) throw new Error("a waiting job was not claimed");
      return claimed.job;
    },
    async feed(ownerId) {
      return sql<OwnedEvent[]>`
        SELECT owner_id AS "ownerId", owner_seq AS "ownerSeq", payload AS event FROM job_events
        WHERE owner_id = ${ownerId} ORDER BY owner_seq`;
    },
    async expireLeases() {
      await sql`UPDATE jobs SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL`;
      await sql`UPDATE slots SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL`;
    },
    async tickedAllAlong() {
      await sql`
        INSERT INTO maintenance (ticked_at, expire_after, swept_at) VALUES (now(), now() - interval '1 hour', now())
        ON CONFLICT (id) DO UPDATE SET ticked_at = now(), expire_after = now() - interval '1 hour'`;
    },
  };
}
