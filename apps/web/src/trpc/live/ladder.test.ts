import { describe, expect, it } from "vitest";
import { backToSocket, closed, firstLadder, type Ladder, opened, probeAfterMs, probed } from "./ladder.ts";

/** What becomes of a line to which all this happens, a second apart, unless a number of seconds passes first. */
function after(events: readonly ("open" | "close" | "probe" | "back" | number)[], only: "sse" | null = null): Ladder {
  let now = 0;
  let ladder = firstLadder(only ?? "ws");
  for (const event of events) {
    now += typeof event === "number" ? event * 1000 : 1000;
    if (event === "open") ladder = opened(ladder, now);
    if (event === "close") ladder = closed(ladder, now, only);
    if (event === "probe") ladder = probed(ladder);
    if (event === "back") ladder = backToSocket(ladder);
  }
  return ladder;
}

describe("the socket comes first, events stand in for it, and each is given up only for the other", () => {
  it.each<[string, Parameters<typeof after>[0], Partial<Ladder>]>([
    ["one failed dial is no reason", ["close"], { transport: "ws" }],
    ["two are", ["close", "close"], { transport: "sse", failures: 0 }],
    ["a socket that stood and ends is dialed twice before", ["open", 9, "close", "close"], { transport: "ws" }],
    ["and then given up", ["open", 9, "close", "close", "close"], { transport: "sse" }],
    ["one that is cut at once, as if it had not opened", ["open", "close", "open", "close"], { transport: "sse" }],
    ["events that cannot be had either lead back", ["close", "close", "close", "close"], { transport: "ws" }],
    ["standing is told with its begin", ["open", 3, "open"], { transport: "ws", openSince: 1000 }],
    [
      "a probe that opens leads back",
      ["close", "close", "open", "probe", "back"],
      { transport: "ws", openSince: null },
    ],
  ])("%s", (_, events, expected) => expect(after(events)).toMatchObject(expected));

  it("without sockets there is nothing but events", () => {
    expect(after(["close", "close", "close", "close", "close"], "sse")).toMatchObject({ transport: "sse" });
  });

  it("the socket is tried more and more rarely, and soon again once it was of use", () => {
    const waits = [[], ["probe"], ["probe", "probe"], Array(9).fill("probe")].map((probes) =>
      probeAfterMs(after(["close", "close", ...probes])),
    );
    expect(waits).toEqual([5000, 10_000, 20_000, 300_000]);
    // Opened and cut: of no use.
    expect(probeAfterMs(after(["close", "close", "probe", "back", "open", "close", "open", "close"]))).toBe(10_000);
    expect(probeAfterMs(after(["close", "close", "probe", "back", "open", 9, "close", "close", "close"]))).toBe(5000);
  });
});
