import { expect, test } from "vitest";
import { z } from "zod";
import {
  createWebhookInput,
  jobListInput,
  publishEventInput,
  rerunInput,
  submitBatchInput,
  submitInput,
} from "./inputs.ts";
import { untilWrong } from "./until-wrong.ts";

const MANY = 10_000;
const list = (value: unknown, length = MANY): unknown[] => Array(length).fill(value);
const named = (value: unknown, length = MANY, name = "n") =>
  Object.fromEntries(list(value, length).map((one, index) => [`${name}${index}`, one]));
const long = "n".repeat(64);
const job = { workflow: "a", inputs: {} };

test.each<[string, z.ZodType, unknown]>([
  ["inputs", submitInput, { workflow: "a", inputs: named([]) }],
  ["inputs that are objects", submitInput, { workflow: "a", inputs: named({ uploadId: 5 }, MANY / 2) }],
  ["names of inputs", submitInput, { workflow: "a", inputs: named(1, MANY, long) }],
  ["names in metadata", submitInput, { ...job, metadata: named(1, MANY, long) }],
  ["changed inputs", rerunInput, { jobId: "5", inputs: named([]) }],
  ["jobs of a batch", submitBatchInput, { items: list({}) }],
  ["inputs of a batch's jobs", submitBatchInput, { items: list({ workflow: "a", inputs: named([], 100) }, 100) }],
  ["inputs beside a sweep", submitBatchInput, { ...job, inputs: named([]), sweep: {} }],
  ["swept parameters", submitBatchInput, { ...job, sweep: named(5) }],
  ["values of a sweep", submitBatchInput, { ...job, sweep: named(list({}, 100), 100) }],
  ["values of one swept parameter", submitBatchInput, { ...job, sweep: { a: list({}) } }],
  ["states", jobListInput, { state: list("odd") }],
  ["types of a webhook", createWebhookInput, { url: "https://example.com", events: list({}) }],
  ["workflows of a webhook", createWebhookInput, { url: "https://example.com", workflows: list(5) }],
  ["names in an event's data", publishEventInput, { type: "x.a", data: named(1, MANY, long) }],
])("of ten thousand wrong %s not nearly all are put into words", (_, schema, input) => {
  expect(() => schema.parse(input)).toThrow();
  expect(rulesTold(schema, input)).toBeLessThan(MANY / 2);
});

/** How often a rule was put into words, also one of a choice that was not told in the end. */
function rulesTold(schema: z.ZodType, input: unknown): number {
  let told = 0;
  const { customError } = z.config();
  const counting: typeof customError = (issue) => {
    told += 1;
    return customError?.(issue);
  };
  z.config({ customError: counting });
  schema.safeParse(input);
  z.config({ customError });
  return told;
}

test("a list or record of many that are right comes through whole, and the wrong ones of many are named where they stand", () => {
  const numbers = untilWrong(z.record(z.string(), z.number()));
  expect(numbers.parse(named(1))).toEqual(named(1));
  const { error } = untilWrong(z.array(z.number())).safeParse([...list(1), "two", ...list(3)]);
  expect(error?.issues.map(({ path }) => path)).toEqual([[MANY]]);
});
