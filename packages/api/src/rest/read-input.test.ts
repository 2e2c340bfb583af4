import { expect, test } from "vitest";
import { findOperation } from "./operations.ts";
import { readInput } from "./read-input.ts";

const jobId = "01900000-0000-7000-8000-000000000001";

function inputOf(method: string, address: string, { body, key }: { body?: unknown; key?: string } = {}): unknown {
  const url = new URL(address, "http://localhost");
  const found = findOperation(method, url.pathname);
  if (!("operation" in found)) throw new Error(`use ${found.allow.join()}`);
  return readInput(found.operation, {
    params: { ...found.params },
    query: url.searchParams,
    body,
    idempotencyKey: key,
  });
}

test.each<[string, string, { body?: unknown; key?: string }, unknown]>([
  ["GET", "/jobs?limit=5&favorite=true&search=5", {}, { limit: 5, favorite: true, search: "5" }],
  ["GET", "/jobs?state=queued&state=running", {}, { state: ["queued", "running"] }],
  ["GET", "/workflows/upscale?version=2", {}, { workflow: "upscale", version: 2 }],
  ["GET", "/session", {}, undefined],
  ["POST", `/jobs/${jobId}/cancel`, {}, { jobId }],
  [
    "POST",
    "/jobs",
    { body: { workflow: "a", inputs: {} }, key: "k" },
    { workflow: "a", inputs: {}, idempotencyKey: "k" },
  ],
  ["POST", "/jobs", { body: { idempotencyKey: "k" }, key: '"k"' }, { idempotencyKey: "k" }],
  ["DELETE", `/jobs/${jobId}`, { key: "it takes none" }, { jobId }],
  ["PUT", "/outputs/x/favorite", { body: { favorite: false } }, { outputId: "x", favorite: false }],
])("%s %s is an input of its procedure", (method, address, given, input) => {
  expect(inputOf(method, address, given)).toEqual(input);
});

test.each([
  ["/jobs/a/retry", { body: { jobId: "b" } }, "jobId"],
  ["/jobs", { body: { idempotencyKey: "a" }, key: "b" }, "idempotencyKey"],
])("%s: two places that say different things are refused, with the field", (path, given, field) => {
  expect(() => inputOf("POST", path, given)).toThrow(
    expect.objectContaining({ code: "INPUT_INVALID", fields: [expect.objectContaining({ path: field })] }),
  );
});

test.each([[[]], ["text"], [5]])("a body that is %j is refused", (body) => {
  expect(() => inputOf("POST", "/jobs", { body })).toThrow("must be an object");
});
