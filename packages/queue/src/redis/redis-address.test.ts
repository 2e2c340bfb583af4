import { describe, expect, test } from "vitest";
import { isRedisUrl, sentinelAddress, shownRedisUrl } from "./redis-address.ts";

describe("an address of Redis", () => {
  test("names Sentinels, the group and what each of them wants", () => {
    const text = "rediss+sentinel://me:p%40ss@one:1,two,[::1]:3/main/2?sentinelPassword=other";
    expect(sentinelAddress(text)).toEqual({
      sentinels: [
        { host: "one", port: 1 },
        { host: "two", port: 26_379 },
        { host: "::1", port: 3 },
      ],
      name: "main",
      username: "me",
      password: "p@ss",
      database: 2,
      sentinelPassword: "other",
      isSecure: true,
    });
    expect(shownRedisUrl(text)).toBe("rediss+sentinel://me@one:1,two,[::1]:3/main/2");
  });

  test("needs no more than a host and the group", () => {
    expect(sentinelAddress("redis+sentinel://one/main")).toMatchObject({ username: null, password: null, database: 0 });
  });

  test.each([
    ["redis://localhost", true],
    ["rediss://:pass@host:6380/1", true],
    ["redis+sentinel://one:1,two:2/main", true],
    ["redis+sentinel://one:1,two:2", false],
    ["redis+sentinel://one:port/main", false],
    ["redis+sentinel://:50%@one:1/main", false],
    ["http://localhost", false],
  ])("%s: %s", (text, isOne) => expect(isRedisUrl(text)).toBe(isOne));

  test.each([
    ["redis://me:pass@host:1/0", "redis://me@host:1/0"],
    ["redis://:pass@host", "redis://host"],
    ["redis://host", "redis://host"],
  ])("%s is shown as %s", (text, shown) => expect(shownRedisUrl(text)).toBe(shown));
});
