import { once } from "node:events";
import type { Writable } from "node:stream";
import type { JobEvent, Principal } from "@darkroom/contracts";
import { encodeCursor } from "@darkroom/queue";
import { expect, test } from "vitest";
import * as ws from "ws";
import { frameOf, textFrame } from "./frames.ts";

// The types of `ws` lack the reader of frames that its sockets use.
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable };

const principal = (role: "guest" | "member"): Principal => ({
  kind: role === "guest" ? "guest" : "account",
  role,
  ownerId: "A",
  ownerIds: ["A"],
  displayName: null,
  scopes: ["read", "submit"],
  isNew: false,
});
const started: JobEvent = {
  type: "job.started",
  jobId: "J",
  version: 2,
  attempt: 1,
  at: "2026-11-21T12:00:00.000Z",
  backend: "http://10.0.0.7:8188",
};
const delivery = () => ({ cursor: { A: 7 }, events: [started] });

/** The message in a frame, as the WebSocket library of a client reads it. */
async function read(frame: Buffer): Promise<string> {
  const receiver = new Receiver({ isServer: false });
  const message = once(receiver, "message");
  receiver.write(frame);
  const [data, isBinary] = (await message) as [Buffer, boolean];
  expect(isBinary).toBe(false);
  return data.toString("utf8");
}

test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])("a text of %i bytes is one frame", async (length) => {
  const text = "x".repeat(length);
  expect(await read(textFrame(text))).toBe(text);
});

test("a text that is not ASCII keeps its characters", async () => {
  expect(await read(textFrame("ein Würfel 🟥"))).toBe("ein Würfel 🟥");
});

test("a delivery is the message that tRPC's own adapter would send", async () => {
  const id = encodeCursor({ A: 7 });
  expect(JSON.parse(await read(frameOf(delivery(), '{"id":1,', principal("member"))))).toEqual({
    id: 1,
    result: { type: "data", id, data: { id, data: { events: [started] } } },
  });
});

test("those who see the same of a delivery share one frame, and a guest learns no backend from it", async () => {
  const shared = delivery();
  const member = frameOf(shared, '{"id":1,', principal("member"));
  expect(frameOf(shared, '{"id":1,', principal("member"))).toBe(member);
  const guest = await read(frameOf(shared, '{"id":1,', principal("guest")));
  expect(JSON.parse(guest).result.data.data.events).toEqual([{ ...started, backend: null }]);
  expect(JSON.parse(await read(frameOf(shared, '{"id":2,', principal("member")))).id).toBe(2);
  expect(await read(member)).toContain(started.backend);
});
