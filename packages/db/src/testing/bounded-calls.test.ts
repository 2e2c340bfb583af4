import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import * as db from "../index.ts";
import { ensureOwner } from "../owners/owners.ts";
import { searchForm } from "../reads/search-text.ts";
import { type BoundedCalls, boundedCalls, byKey, type Calls, reportBackends } from "./bounded-calls.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { fillJobs, heavyOwner } from "./fill-jobs.ts";
import { type ExplainedDatabase, explainedDatabase } from "./rows-read.ts";

const ofThousands = "00000000-0000-4000-8000-000000000002";

/** Many times what any call may read, so that whoever reads a table from end to end is found out. */
const JOBS = 20_000;

let t: TestDatabase;
let explained: ExplainedDatabase;
let calls: BoundedCalls;
beforeAll(async () => {
  t = await createTestDatabase(inject("postgresUrl"), { statementTimeoutMs: 60_000 });
  await fillJobs(t.database, { jobs: JOBS, owners: 2000 });
  // Old jobs that wait again, which the index of ended ones does not have, and one with more text than it has room for.
  const { sql } = t.database;
  await sql`UPDATE jobs SET state = 'queued', finished_at = NULL WHERE seed % 1000 = 7`;
  // One who has more than is read before the index of searches is asked.
  await ensureOwner(t.database, { ownerId: ofThousands, kind: "account", accountId: ofThousands });
  await sql`UPDATE jobs SET owner_id = ${ofThousands} WHERE seed % 3 = 1 AND owner_id <> ${heavyOwner}`;
  const long = Array.from({ length: 40_000 }, (_, nth) => `word${nth}`).join(" ");
  await sql`UPDATE jobs SET search_text = ${`${long} overlong`} WHERE seed = 501`;
  await rememberAsMillion(t.database);
  explained = await explainedDatabase(t.url);
  calls = await boundedCalls(explained.database);
}, 120_000);
afterAll(async () => {
  await explained?.database.close();
  await t?.drop();
});

/**
 * Has Postgres plan as for the tables of a million jobs, of which it learns nothing new: at this size it may well do what it would
 * not at that one.
 */
async function rememberAsMillion({ sql }: db.Database): Promise<void> {
  const tables = await sql<{ name: string }[]>`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`;
  for (const { name } of tables) await sql`ALTER TABLE ${sql(name)} SET (autovacuum_enabled = off)`;
  const times = 1_000_000 / JOBS;
  await sql`UPDATE pg_class SET reltuples = reltuples * ${times} WHERE relnamespace = 'public'::regnamespace`;
}

/** Half of what Postgres would take the time to compile a plan for (`jit_above_cost`). To read a million rows in order costs 12,000. */
const MOST_COST = 50_000;

/** The calls that read more than so many rows, each with how: none, if all is well. */
async function readingMoreThan(most: number, kind: keyof BoundedCalls): Promise<string[]> {
  const over: string[] = [];
  await reportBackends(explained.database);
  for (const [name, variants] of Object.entries(calls[kind]))
    for (const [variant, call] of Object.entries(variants)) {
      // Whoever asks on a timer has asked before: what went by since then is little.
      await call();
      const reads = await explained.readsOf(call);
      if (reads.reduce((sum, { rows }) => sum + rows, 0) <= most) continue;
      const how = reads.filter(({ rows }) => rows > most / 10).map(({ scan, rows }) => `${scan}: ${rows}`);
      over.push(`${name} ${variant}: ${how.join(", ")}`);
    }
  return over;
}

describe("in a database of many ended jobs", () => {
  it("every list, with every filter and on every page, reads little more than its page", async () => {
    expect(await readingMoreThan(1500, "lists")).toEqual([]);
  });

  it("a list of jobs that have ended works out for none of them why it waits", async () => {
    const list = () => db.listJobs(explained.database, { ownerIds: null, limit: 50, state: "succeeded" });
    await reportBackends(explained.database);
    const reads = await explained.readsOf(list);
    expect(reads.filter(({ scan, rows }) => scan.includes("capability_decisions") && rows > 0)).toEqual([]);
  });

  it("every search reads a bounded number of new jobs and what the index names", async () => {
    expect(await readingMoreThan(10_000, "searches")).toEqual([]);
  });

  it("a rare word is looked for among what the index names, and not among all jobs of its list", async () => {
    const search = () => db.listJobs(explained.database, { ownerIds: [ofThousands], limit: 30, search: "xyl" });
    const reads = await explained.readsOf(search);
    expect(reads.filter(({ scan, rows }) => scan === "Bitmap Index Scan of jobs_search" && rows > 0)).toHaveLength(1);
    expect(reads.filter(({ scan, rows }) => scan === "Bitmap Index Scan of jobs_of_owner" && rows > 0)).toEqual([]);
  });

  it("whatever is asked on a timer reads what is open or new", async () => {
    expect(await readingMoreThan(1200, "periodic")).toEqual([]);
  });

  it("of a million jobs, too, each of those has a plan that expects little", async () => {
    const dear: string[] = [];
    for (const [name, variants] of [calls.lists, calls.searches, calls.periodic].flatMap(Object.entries<Calls>))
      for (const [variant, call] of Object.entries(variants)) {
        const cost = await explained.costOf(call);
        if (cost > MOST_COST) dear.push(`${name} ${variant}: ${Math.round(cost)}`);
      }
    expect(dear).toEqual([]);
  });

  it("of tables of any size, too, none of those has other processes started for it", async () => {
    const { sql } = explained.database;
    // By the pages that there are, which this database has too few of.
    await sql.unsafe("SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0");
    await sql`UPDATE pg_class SET reltuples = reltuples * 10 WHERE relnamespace = 'public'::regnamespace`;
    const shared: string[] = [];
    for (const [name, variants] of [calls.lists, calls.searches, calls.periodic].flatMap(Object.entries<Calls>))
      for (const [variant, call] of Object.entries(variants))
        if ((await explained.sharesOf(call)) > 0) shared.push(`${name} ${variant}`);
    expect(shared).toEqual([]);
  });

  it("every function of this package is among those, or known to read by key", () => {
    const functions = Object.entries(db).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
    const asked = [calls.lists, calls.searches, calls.periodic].flatMap(Object.keys);
    const known = [...byKey, ...new Set(asked)];
    expect(functions.filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !functions.includes(name))).toEqual([]);
  });
});

describe("a search", () => {
  it.each([
    "xylophonist",
    "xyl",
    "żółwie",
    "ёжика",
    "ψυχή",
    "龍舌蘭",
    "zq",
    "龍舌",
    "龍",
    "q",
    "the",
    "on the",
    "kalomi",
    "overlong",
    "XYL żÓŁ",
    "蘭 zq",
    "'s",
    "\\",
    "%",
    ")",
    "blurry, watermark",
  ])("for %s finds on all pages what reading every job finds", async (search) => {
    const { sql } = t.database;
    for (const ownerIds of [null, [heavyOwner]]) {
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof db.listJobs>> = await db.listJobs(t.database, {
          ownerIds,
          limit: 100,
          search,
          cursor,
        });
        found.push(...page.items.map(({ jobId }) => jobId));
        cursor = page.nextCursor;
      } while (cursor !== null && found.length < 500);
      const rows = await sql<{ id: string }[]>`
          SELECT id FROM jobs WHERE removed_at IS NULL AND position(${searchForm(search)} IN search_text) > 0
            AND ${ownerIds === null ? sql`true` : sql`owner_id = ${heavyOwner}`}
          ORDER BY created_at DESC, id DESC LIMIT ${Math.max(1, found.length)}`;
      expect(found).toEqual(rows.map(({ id }) => id));
    }
  });
});
