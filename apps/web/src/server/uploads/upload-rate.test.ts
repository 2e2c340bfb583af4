import { expect, test } from "vitest";
import { createUploadRate } from "./upload-rate.ts";

test("an owner, and an address whoever sends from it, may send so many images a minute, and is told when again", () => {
  let now = 0;
  const admit = createUploadRate({ perOwner: 2, perAddress: 3 }, () => now);
  const from =
    (ownerId: string, address = "192.0.2.1") =>
    () =>
      admit({ ownerId, address });
  from("a")();
  from("a")();
  now = 59_000;
  expect(from("a")).toThrow(
    expect.objectContaining({ code: "RATE_LIMITED", message: "You can send 2 images a minute.", retryAfterSeconds: 1 }),
  );
  from("b")();
  expect(from("c")).toThrow("Your network can send 3 images a minute.");
  from("c", "192.0.2.2")();
  now = 60_000;
  from("a")();
});
