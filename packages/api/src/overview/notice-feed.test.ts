import { expect, test } from "vitest";
import type { NoticeData } from "../answers/index.ts";
import { setup } from "../testing/setup.ts";

test("everybody is told what operators tell everyone as soon as they say it and take it back, and later what was missed", async () => {
  const api = await setup();
  const operator = api.as(await api.account("operator"));
  const stop = new AbortController();
  const guest = api.as(api.guest(), { signal: stop.signal });
  const read = async (lastEventId?: string) => {
    const feed = await guest.system.onNotice({ lastEventId });
    const values = feed[Symbol.asyncIterator]() as AsyncIterator<readonly [string, NoticeData, symbol]>;
    return async (): Promise<readonly [string, NoticeData, symbol]> => (await values.next()).value;
  };
  const next = await read();
  expect((await next())[1]).toEqual({});
  const { notice } = await operator.notice.broadcast({ message: "Back at noon." });
  const [cursor, told] = await next();
  expect(told).toEqual({ notice });
  expect(notice).toMatchObject({ message: "Back at noon." });

  await operator.notice.broadcast({ message: "At one." });
  await operator.notice.broadcast({ message: null });
  const again = await read(cursor);
  expect((await again())[1]).toEqual({ notice: null });
  // A cursor of which nothing is kept any more.
  await operator.notice.broadcast({ message: "Now." });
  const late = await read("1-0");
  expect((await late())[1]).toMatchObject({ notice: { message: "Now." } });
  stop.abort();
});
