import { expect, test } from "vitest";
import { createOriginCheck } from "./origin.ts";

const isAllowed = createOriginCheck(["http://localhost:3000/", "https://pictures.example"]);

test.each(["http://localhost:3000", "https://pictures.example"])("%s may act with a visitor's cookies", (origin) => {
  expect(isAllowed(origin)).toBe(true);
});

test.each([
  undefined,
  null,
  "",
  "null",
  "http://localhost",
  "http://localhost:3001",
  "https://localhost:3000",
  "http://127.0.0.1:3000",
  "http://localhost:3000.evil.example",
  "https://pictures.example.evil.example",
  "https://sub.pictures.example",
  "http://pictures.example",
  "https://pictures.example/",
])("%s may not", (origin) => {
  expect(isAllowed(origin)).toBe(false);
});
