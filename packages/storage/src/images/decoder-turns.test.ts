import { expect, test } from "vitest";
import { nextTurn, surplusTurn, type Turn } from "./decoder-turns.ts";

const small = (subject: string): Turn => ({ subject, cost: 1_000_000 });
const large = (subject: string): Turn => ({ subject, cost: 40_000_000 });

test("the cheapest picture goes first, and of equal ones the first that came", () => {
  const [mine, yours] = [small("me"), small("you")];
  expect(nextTurn([large("me"), mine, yours], [], 2)).toBe(mine);
});

test("the last free decoder is for a small picture of someone who has none in work", () => {
  expect(nextTurn([large("you")], [large("me")], 2)).toBeNull();
  expect(nextTurn([small("me")], [large("me")], 2)).toBeNull();
  const yours = small("you");
  expect(nextTurn([large("them"), small("me"), yours], [large("me")], 2)).toBe(yours);
  expect(nextTurn([yours], [large("me"), small("them")], 2)).toBeNull();
});

test("too many waiting: the last of whoever has most is sent away", () => {
  const last = large("me");
  expect(surplusTurn([small("me"), small("you"), last, small("them")])).toBe(last);
  expect(surplusTurn([])).toBeNull();
});
