import { newId } from "@darkroom/contracts";
import postgres from "postgres";
import { test as base, describe, inject } from "vitest";
import { settleJob } from "../attempts/settle-job.ts";
import { ensureOwner, renameOwner } from "../owners/owners.ts";
import { snapshot } from "../reads/snapshot.ts";
import { setup } from "../testing/setup.ts";
import { createDatabase } from "./client.ts";
import { inTransaction } from "./transaction.ts";
import { classify } from "./transient-error.ts";

const it = base.extend("t", async ({ onTestFinished }) => {
  const t = await setup(inject("postgresUrl"));
  onTestFinished(() => t.drop());
  return t;
});

// Each in a database of its own, since one cuts every connection; they mostly wait.
describe.concurrent("a transaction", () => {
  it("that stands still gives its rows to those that wait for them, and fails when it goes on", async ({
    t,
    expect,
  }) => {
    const ownerId = newId();
    await ensureOwner(t.database, { ownerId, kind: "guest" });
    const stopped = createDatabase(t.url, { max: 1 });
    const locked = Promise.withResolvers<void>();
    const renamed = Promise.withResolvers<void>();
    const standing = inTransaction(stopped, async (tx) => {
      await tx`SELECT 1 FROM owners WHERE id = ${ownerId} FOR UPDATE`;
      locked.resolve();
      await renamed.promise;
      await tx`UPDATE owners SET display_name = 'stale' WHERE id = ${ownerId}`;
    });
    // As the driver tells it, or the socket below it, or Postgres itself before it hangs up.
    const failed = expect(standing).rejects.toMatchObject({
      code: expect.stringMatching(/^(CONNECTION_|ECONN|EPIPE|25P03)/),
    });
    await locked.promise;
    expect(await renameOwner(t.database, { ownerId, displayName: "Ada" })).toBe(true);
    renamed.resolve();
    await failed;
    expect(await stopped.sql`SELECT display_name FROM owners WHERE id = ${ownerId}`).toEqual([{ display_name: "Ada" }]);
    await stopped.close();
  });

  it("rolls back and gives its connection back when its body throws", async ({ t, expect }) => {
    const one = createDatabase(t.url, { max: 1 });
    const ownerId = newId();
    const body = inTransaction(one, async (tx) => {
      await tx`INSERT INTO owners (id, kind) VALUES (${ownerId}, 'guest')`;
      throw new Error("no");
    });
    await expect(body).rejects.toThrow("no");
    const refused = inTransaction(one, (tx) => tx`INSERT INTO owners (id, kind) VALUES (NULL, 'guest')`);
    await expect(refused).rejects.toMatchObject({ code: "23502" });
    expect(await one.sql`SELECT 1 FROM owners WHERE id = ${ownerId}`).toHaveLength(0);
    await one.close();
  });

  it("ends in an error or whole while every connection is cut again and again, and the pool goes on", async ({
    t,
    expect,
  }) => {
    // A short deadline ends soon what the driver never answers of a connection that was cut.
    const pool = createDatabase(t.url, { max: 4, statementTimeoutMs: 1000 });
    const knife = postgres(t.url, { max: 1 });
    let cutting = true;
    const cuts = (async () => {
      for (let count = 0; count < 20; count++) {
        await knife`SELECT pg_sleep(0.1)`;
        await knife`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'darkroom'`;
      }
      cutting = false;
    })();
    const ownerId = newId();
    const work = async () => {
      while (cutting) {
        const job = t.newJob();
        try {
          await t.submitTo(pool, { ownerId, jobs: [job] });
          await t.claim(job.jobId, {}, pool);
          await snapshot(pool, { ownerIds: [ownerId] });
          await settleJob(pool, { jobId: job.jobId, attempt: 1, outcome: { type: "succeeded" } });
        } catch (error) {
          expect(classify(error), String(error)).toBe("outage");
        }
      }
    };
    await Promise.all([cuts, ...Array.from({ length: 8 }, work)]);
    await knife.end();
    // The last cut may not have been read yet on connections that nobody used since: each is used once.
    const last = await Promise.allSettled(Array.from({ length: 4 }, () => pool.sql`SELECT 1 AS one`));
    for (const end of last) if (end.status === "rejected") expect(classify(end.reason)).toBe("outage");
    for (let count = 0; count < 8; count++) expect(await pool.sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
    const seqs = (await t.feed(ownerId)).map(({ ownerSeq }) => ownerSeq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    await pool.close();
  });

  it("tells how long it waited for a connection, and a query how long for its answer", async ({ t, expect }) => {
    const waits: [what: string, ms: number][] = [];
    const pool = createDatabase(t.url, { max: 1, onWait: (what, ms) => waits.push([what, ms]) });
    const hold = inTransaction(pool, async (tx) => tx`SELECT pg_sleep(0.3)`);
    await Promise.all([hold, inTransaction(pool, async (tx) => tx`SELECT 1`)]);
    await pool.sql`SELECT pg_sleep(0.2)`;
    expect(waits.map(([what]) => what)).toEqual(["connection", "connection", "answer"]);
    // A timer of Postgres may come a moment early.
    expect(waits[1]?.[1]).toBeGreaterThan(250);
    expect(waits[2]?.[1]).toBeGreaterThan(150);
    await pool.close();
  });
});
