import { expect, test } from "vitest";
import { createPreviewLoader } from "./preview-loader.ts";

/** A line on which each load ends when the test says so. */
function slowLine() {
  const asked: { url: string; arrive: (picture: string | null) => void; fail: () => void }[] = [];
  const load = (url: string) =>
    new Promise<string | null>((arrive, reject) => {
      asked.push({ url, arrive, fail: () => reject(new Error("the line broke")) });
    });
  const shown: string[] = [];
  const loader = createPreviewLoader({ load, show: (picture: string) => shown.push(picture) });
  const end = async (how: (last: (typeof asked)[number]) => void): Promise<void> => {
    const last = asked.at(-1);
    if (last === undefined) throw new Error("nothing was asked for");
    how(last);
    await new Promise(setImmediate);
  };
  return { loader, shown, urls: () => asked.map(({ url }) => url), end };
}

test("every preview that the line can carry is shown, one after the other", async () => {
  const { loader, shown, end } = slowLine();
  for (const url of ["/1", "/2", "/3"]) {
    loader.want(url);
    await end(({ arrive }) => arrive(`picture of ${url}`));
  }
  expect(shown).toEqual(["picture of /1", "picture of /2", "picture of /3"]);
});

test("while one is on its way only the newest is kept for the next turn, and the last one always comes", async () => {
  const { loader, shown, urls, end } = slowLine();
  for (const url of ["/1", "/2", "/3", "/4"]) loader.want(url);
  expect(urls()).toEqual(["/1"]);
  await end(({ arrive }) => arrive("first"));
  await end(({ arrive }) => arrive("last"));
  expect(urls()).toEqual(["/1", "/4"]);
  expect(shown).toEqual(["first", "last"]);
});

test("a preview that is gone and a line that breaks leave what is shown, and the next one comes", async () => {
  const { loader, shown, end } = slowLine();
  loader.want("/1");
  await end(({ arrive }) => arrive(null));
  loader.want("/2");
  await end(({ fail }) => fail());
  loader.want("/3");
  await end(({ arrive }) => arrive("third"));
  expect(shown).toEqual(["third"]);
});

test("what arrives after the job has ended is not shown", async () => {
  const { loader, shown, end } = slowLine();
  loader.want("/1");
  loader.stop();
  await end(({ arrive }) => arrive("late"));
  loader.want("/2");
  expect(shown).toEqual([]);
});
