import { createTestDatabase } from "@darkroom/db/testing";
import { expect, inject, test } from "vitest";
import { createGateway, guestOf, keyHolder } from "../../apps/web/src/server/testing/gateway.ts";
import { fuzzHttp, fuzzSockets } from "./fuzz.ts";

/** `FUZZ_COUNT=100000 FUZZ_SEED=1 vitest run proof/storm/fuzz.test.ts` runs longer, or the same again. */
const count = Number(process.env.FUZZ_COUNT ?? 1000);
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);

/** A statement that Postgres, or the pool's deadline, ended because it took too long: the machine stood still. */
const isPause = (line: string): boolean =>
  ["57014", "CONNECTION_LOST"].includes((JSON.parse(line) as { err?: { code?: string } }).err?.code ?? "");

test(`whatever arrives, over HTTP or in frames, no answer is a 5xx and the process lives (seed ${seed})`, {
  timeout: 60_000 + count * 100,
}, async () => {
  const { database, url, drop } = await createTestDatabase(inject("postgresUrl"));
  const gateway = await createGateway({ databaseUrl: url, redisUrl: inject("redisUrl"), env: { LOG_LEVEL: "error" } });
  try {
    await gateway.start();
    const { cookie } = await guestOf(gateway.url);
    const { key } = await keyHolder(database);
    const bearer = { authorization: `Bearer ${key}` };
    const page = { cookie, origin: gateway.url };
    const pid = gateway.pid();
    expect(await fuzzHttp(gateway.url, count, seed, [bearer, page, {}, { authorization: "Bearer \u00ff" }])).toEqual(
      [],
    );
    expect(await fuzzSockets(gateway.url, count, seed, [bearer, page])).toEqual([]);
    expect([gateway.isAlive(), gateway.pid()]).toEqual([true, pid]);
    // Nothing was unexpected: that is what is logged as an error.
    expect((await gateway.log()).split("\n").filter((line) => line !== "" && !isPause(line))).toEqual([]);
  } finally {
    await gateway.close();
    await drop();
  }
});
