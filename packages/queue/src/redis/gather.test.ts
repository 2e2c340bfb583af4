import { expect, test } from "vitest";
import { createGatherer } from "./gather.ts";

test("calls of one go are one, each is answered, and what was given first is asked first", async () => {
  const asked: string[][] = [];
  const gather = createGatherer();
  const add = gather(async (items: readonly string[]) => asked.push(["add", ...items]));
  const look = gather(async (items: readonly string[]) => {
    asked.push(["look", ...items]);
    return items.length;
  });
  const submit = async (id: string) => {
    await Promise.resolve();
    const [, place] = await Promise.all([add([id]), look([id])]);
    return place;
  };
  expect(await Promise.all([look(["Z"]), submit("A"), submit("B")])).toEqual([3, 3, 3]);
  expect(await submit("C")).toBe(1);
  expect(asked).toEqual([
    ["add", "A", "B"],
    ["look", "Z", "A", "B"],
    ["add", "C"],
    ["look", "C"],
  ]);
});

test("who asks while a call is under way is asked for in the next, and a failure reaches those of its own only", async () => {
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const answers = [first, second];
  const ask = createGatherer()(
    (_items: readonly string[]) => answers.shift()?.promise ?? Promise.reject(new Error("asked twice")),
  );
  const [a, b] = [ask(["a"]), ask(["b"])];
  await new Promise((resolve) => setImmediate(resolve));
  const c = ask(["c"]);
  second.resolve("fine");
  expect(await c).toBe("fine");
  first.reject(new Error("lost"));
  await expect(a).rejects.toThrow("lost");
  await expect(b).rejects.toThrow("lost");
});
