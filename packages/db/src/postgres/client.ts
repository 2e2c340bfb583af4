import { backoffMs } from "@darkroom/contracts";
import postgres from "postgres";
import { type BatchedStep, createBatchedStep } from "./batched-step.ts";
import { createPool, type Pool } from "./pool.ts";
import { createSharedReads, type SharedReads } from "./shared-reads.ts";

export interface Database {
  /**
   * For hand-written SQL. `int8` comes out as a number, `timestamptz` as a `Date`; JSON goes in through `sql.json`. Arrays
   * go in as `bigint[]`, `text[]` and `uuid[]`, and come out as JSON (`to_jsonb`). Transactions: `inTransaction`, never
   * `sql.begin`. A query without an answer after {@link Database.deadlineMs} rejects as an outage (`isTransient`).
   */
  readonly sql: postgres.Sql;
  /**
   * Another pool of up to `max` connections with the same settings, for a library that replaces its client's codecs, as
   * drizzle() does with those of dates and JSON. Closed with this one.
   */
  connect(max: number): postgres.Sql;
  /** The steps of a job's life that are written many at a time; `submitJobs`, `claimJob` and their like call them. */
  readonly steps: Readonly<Record<"submit" | "claim" | "stage" | "createOutput" | "settle", BatchedStep>>;
  /** What every request asks, as which workflow it means: asked once for all who ask it at the same time. */
  readonly sharedReads: SharedReads;
  readonly url: string;
  /** How long anything waits for a word of Postgres, in milliseconds: a little longer than Postgres lets a statement run. */
  readonly deadlineMs: number;
  /** Told what was waited for; see {@link DatabaseOptions.onWait}. */
  readonly waited: OnWait;
  /** Puts new connections in the place of those of `sql`, one of which was silent for the whole deadline. */
  renew(): void;
  /** Waits for queries under way, up to {@link Database.deadlineMs}, then closes every connection. */
  close(): Promise<void>;
}

/** `connection`: until a transaction had one of the pool; `answer`: from a query's call to its answer. In milliseconds. */
export type OnWait = (what: "connection" | "answer", ms: number) => void;

export interface DatabaseOptions {
  /** Most connections of `sql`, and of the one for submits, together. */
  readonly max?: number;
  readonly applicationName?: string;
  readonly statementTimeoutMs?: number;
  /** Told what Postgres says beside its answers, for tests that ask it how it came to them. */
  readonly onNotice?: (notice: postgres.Notice) => void;
  /** Told how long its callers wait. */
  readonly onWait?: OnWait;
}

/** What a statement that Postgres has ended may take to say so. Six seconds are the most that a caller waits in all. */
const DEADLINE_GRACE_MS = 500;

const RECONNECT = { firstMs: 50, maxMs: 1000 };

/**
 * A pool on the database at `url`. Nothing connects before the first query. A transaction of a stopped process is ended
 * by the server after two seconds, so it cannot hold a row that others need.
 */
export function createDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { max = 10, applicationName = "darkroom", statementTimeoutMs = 5000, onNotice = () => undefined } = options;
  const { onWait = () => undefined } = options;
  const deadlineMs = statementTimeoutMs + DEADLINE_GRACE_MS;
  const pools: Pool[] = [];
  const open = (most: number): postgres.Sql =>
    postgres(url, {
      max: most,
      connect_timeout: 5,
      // The driver's own back-off goes up to 20 s, which is how long a restarted Postgres would look absent.
      backoff: (tries) => backoffMs(tries, RECONNECT) / 1000,
      onnotice: onNotice,
      connection: {
        application_name: applicationName,
        idle_in_transaction_session_timeout: 2000,
        statement_timeout: statementTimeoutMs,
        // A statement is planned once a connection. Left to itself Postgres planned those with a list in them, as whose jobs
        // to show, at each call, which took up to four times as long as the answer. `bounded-calls.test.ts` holds that no
        // plan needs to know its parameters.
        plan_cache_mode: "force_generic_plan",
        // Nothing that is asked reads so much that it pays to start processes for it, which takes ten times as long as a page of a
        // list: of ten million jobs Postgres thought so of the gallery. A text, as the driver leaves out what is false.
        max_parallel_workers_per_gather: "0",
      },
      // To learn the array types the driver sends a query whose promise it does not handle: a connection cut at that moment
      // would end the process with an unhandled rejection. So it does not ask, and the few array types we use are below.
      fetch_types: false,
      types: {
        // Sequence numbers, seeds and sizes stay below 2^53, so a number is exact and JSON can carry it.
        bigint: { to: 20, from: [20], serialize: String, parse: Number },
        bigintArray: { to: 1016, from: [], serialize: arrayLiteral, parse: String },
        textArray: { to: 1009, from: [], serialize: arrayLiteral, parse: String },
        uuidArray: { to: 2951, from: [], serialize: arrayLiteral, parse: String },
      },
    }) as unknown as postgres.Sql;
  const addPool = (most: number): Pool => {
    const pool = createPool(
      () => open(most),
      deadlineMs,
      (ms) => onWait("answer", ms),
    );
    pools.push(pool);
    return pool;
  };
  // Of the connections one is for batches of submits, which follow each other there.
  const { sql, renew } = addPool(Math.max(1, max - 1));
  const submits = max === 1 ? sql : addPool(1).sql;
  return {
    sql,
    connect: (most) => addPool(most).sql,
    steps: {
      submit: createBatchedStep(sql, "submit", submits),
      claim: createBatchedStep(sql, "claim"),
      stage: createBatchedStep(sql, "stage"),
      createOutput: createBatchedStep(sql, "create_output"),
      settle: createBatchedStep(sql, "settle"),
    },
    sharedReads: createSharedReads(),
    url,
    deadlineMs,
    waited: onWait,
    renew,
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

function arrayLiteral(items: readonly (string | number)[]): string {
  return `{${items.map((item) => `"${String(item).replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
