import { expect, test } from "vitest";
import type { z } from "zod";
import { errorFacts } from "./errors.ts";
import {
  cancelInput,
  createWebhookInput,
  jobListInput,
  publishEventInput,
  pushSubscribeInput,
  submitBatchInput,
  submitInput,
} from "./inputs.ts";
import "./trpc.ts";

test.each<[string, z.ZodType, unknown, Record<string, string>]>([
  ["what is missing", submitInput, {}, { workflow: "is required", inputs: "is required" }],
  [
    "another type",
    submitInput,
    { workflow: 5, inputs: [] },
    { workflow: "must be a text", inputs: "must be an object" },
  ],
  ["too many", jobListInput, { limit: 101 }, { limit: "must be at most 100" }],
  ["no number", jobListInput, { limit: "x" }, { limit: "must be a number" }],
  [
    "one choice or several",
    jobListInput,
    { state: "odd" },
    { state: expect.stringMatching(/^must be one of queued, /) },
  ],
  [
    "of no type that is taken",
    submitInput,
    { workflow: "a", inputs: { a: [] } },
    { "inputs.a": "must be a text or a number or true or false or an object" },
  ],
  ["no time", jobListInput, { from: "monday" }, { from: expect.stringMatching(/^must be a time as ISO 8601/) }],
  ["either of two", cancelInput, { jobId: "5" }, { jobId: "must be an id (a UUID)" }],
  ["neither of two", cancelInput, {}, { jobId: "is required" }],
  [
    "many of one shape, and few that another lacks",
    submitBatchInput,
    { items: [{ workflow: "a", inputs: Object.fromEntries([1, 2, 3, 4, 5, 6].map((nth) => [`i${nth}`, []])) }] },
    Object.fromEntries(
      [1, 2, 3, 4, 5, 6].map((nth) => [`items.0.inputs.i${nth}`, expect.stringMatching(/^must be a text/)]),
    ),
  ],
  ["what is not known", cancelInput, { jobId: "5", x: 1 }, { jobId: "must be an id (a UUID)", x: "is not known here" }],
  ["rules of our own", createWebhookInput, { url: "ftp://x" }, { url: "must be an http or https address" }],
  [
    "a name that is too long",
    publishEventInput,
    { type: "x.a", data: { ["k".repeat(65)]: 1 } },
    { data: "has a name that must have at most 64 characters" },
  ],
  [
    "an id of another system that was read as another number",
    submitInput,
    { workflow: "a", inputs: {}, metadata: { order: { ids: [1, 2 ** 60] } } },
    { "metadata.order.ids.1": expect.stringMatching(/below 2\^53: send a larger one as a text$/) },
  ],
  [
    "a number beyond all numbers",
    publishEventInput,
    { type: "x.a", data: { far: Number.NEGATIVE_INFINITY, near: 9_007_199_254_740_991, some: 1e-300 } },
    { "data.far": expect.stringMatching(/^must be a number that is kept exactly/) },
  ],
  [
    "a key that is none",
    pushSubscribeInput,
    { endpoint: "https://x.y", keys: { p256dh: `B${"A".repeat(86)}`, auth: "A".repeat(22) } },
    { "keys.p256dh": "must be a public key of P-256" },
  ],
  [
    "a mistyped event of a webhook",
    createWebhookInput,
    { url: "http://x.y", events: ["job.sucseeded"] },
    { "events.0": expect.stringMatching(/^must be one of job.queued, .* or x\. and up to four parts/) },
  ],
  ["an empty list", createWebhookInput, { url: "http://x.y", events: [] }, { events: "must have at least 1 entry" }],
])("%s is named with its field and its rule", (_, schema, input, expected) => {
  const { fields, message, code } = errorFacts(schema.safeParse(input).error);
  expect(code).toBe("INPUT_INVALID");
  expect(Object.fromEntries(fields.map((field) => [field.path, field.message]))).toEqual(expected);
  expect(message.startsWith(`${fields[0]?.path} ${fields[0]?.message}`)).toBe(true);
});
