import { deflateSync } from "node:zlib";
import { blackPng } from "@darkroom/storage/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { keyHolder } from "../testing/gateway.ts";
import { setup, type TestGateway } from "../testing/setup.ts";

// The whole gateway as a process, because what is measured is its memory and what another visitor waits.

let t: TestGateway;
let keys: readonly string[];
beforeAll(async () => {
  t = await setup({ postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") });
  const holders = await Promise.all([keyHolder(t.database), keyHolder(t.database)]);
  keys = holders.map(({ key }) => key);
});
afterAll(() => t?.close());

const uploadAs =
  (key = "") =>
  async (picture: Buffer): Promise<number> => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "image/png" };
    const body = new Uint8Array(picture);
    return (await fetch(`${t.gateway.url}/api/uploads`, { method: "POST", headers, body })).status;
  };

test.each<[string, Buffer, readonly number[]]>([
  ["a row of 40,000,000 pixels", blackPng(40_000_000, 1), [422]],
  ["a column of 40,000,000 pixels", blackPng(1, 40_000_000, { pixels: deflateSync("") }), [422]],
  ["as large as is accepted", blackPng(6300, 6300), [200, 429]],
])(
  "sixteen pictures of 5 KB, each %s, cost the process little, and another visitor's is taken meanwhile",
  async (_name, hostile, statuses) => {
    const [attack, visit] = keys.map(uploadAs);
    if (attack === undefined || visit === undefined) throw new Error("there are two keys");
    const before = await t.gateway.rss();
    const answered: number[] = [];
    const flood = Array.from({ length: 16 }, () => attack(hostile).then((answer) => answered.push(answer)));
    expect(await visit(blackPng(1000, 1000))).toBe(200);
    // It shares the processor with one of them at a time, and is small: it never waits for half of them.
    if (statuses.includes(200)) expect(answered.length).toBeLessThan(8);
    await Promise.all(flood);
    expect(answered.filter((status) => !statuses.includes(status))).toEqual([]);
    expect((await t.gateway.peakRss()) - before).toBeLessThan(100e6);
  },
);
