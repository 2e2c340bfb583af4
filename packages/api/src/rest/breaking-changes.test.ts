import type { JsonSchema } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { breakingChanges, type Document } from "./breaking-changes.ts";

function documentOf({ input = {}, answer = {} }: { input?: JsonSchema; answer?: JsonSchema }): Document {
  const content = (schema: JsonSchema) => ({ content: { "application/json": { schema } } });
  const post = { requestBody: content(input), responses: { 200: content(answer) } };
  return { paths: { "/jobs": { post } }, components: { schemas: {} } };
}

const object = (properties: object, required: string[] = []): JsonSchema => ({ type: "object", properties, required });
const text = { type: "string" };
const optionalText = { anyOf: [text, { type: "null" }] };
const event = (type: string) => object({ type: { const: type } }, ["type"]);

test.each<[string, { input?: JsonSchema; answer?: JsonSchema }, { input?: JsonSchema; answer?: JsonSchema }, number]>([
  ["an optional field that may be sent", { input: object({}) }, { input: object({ a: text }) }, 0],
  ["a required field that must be sent", { input: object({}) }, { input: object({ a: text }, ["a"]) }, 1],
  ["a field that may not be sent any more", { input: object({ a: text }) }, { input: object({}) }, 1],
  ["a lower maximum", { input: { type: "integer", maximum: 9 } }, { input: { type: "integer", maximum: 5 } }, 1],
  ["a higher maximum", { input: { type: "integer", maximum: 5 } }, { input: { type: "integer", maximum: 9 } }, 0],
  ["one more choice to send", { input: { enum: ["a"] } }, { input: { enum: ["a", "b"] } }, 0],
  ["one choice less to send", { input: { enum: ["a", "b"] } }, { input: { enum: ["a"] } }, 1],
  ["null is taken too", { input: text }, { input: optionalText }, 0],
  ["null is not taken any more", { input: optionalText }, { input: text }, 1],
  ["a new field in the answer", { answer: object({}) }, { answer: object({ a: text }, ["a"]) }, 0],
  ["a field is missing in the answer", { answer: object({ a: text }) }, { answer: object({}) }, 1],
  ["a field may be missing", { answer: object({ a: text }, ["a"]) }, { answer: object({ a: text }) }, 1],
  ["a field is of another type", { answer: object({ a: text }) }, { answer: object({ a: { type: "integer" } }) }, 1],
  ["null is answered too", { answer: text }, { answer: optionalText }, 1],
  ["one more state is answered", { answer: { enum: ["a"] } }, { answer: { enum: ["a", "b"] } }, 1],
  [
    "one more of what may get more",
    { answer: { enum: ["a"] } },
    { answer: { enum: ["a", "b"], "x-extensible": true } },
    0,
  ],
  [
    "one less of what may get more",
    { answer: { enum: ["a", "b"] } },
    { answer: { enum: ["a"], "x-extensible": true } },
    1,
  ],
  ["one more type of event", { answer: event("a") }, { answer: { anyOf: [event("a"), event("b")] } }, 0],
  ["one type of event less", { answer: { anyOf: [event("a"), event("b")] } }, { answer: event("a") }, 1],
  [
    "deep in a list",
    { answer: { type: "array", items: object({ a: text }) } },
    { answer: { type: "array", items: object({}) } },
    1,
  ],
])("%s", (_, before, after, breaks) => {
  expect(breakingChanges(documentOf(before), documentOf(after))).toHaveLength(breaks);
});

test("a path, a verb and a status that are gone are breaks", () => {
  const { paths, components } = documentOf({});
  expect(breakingChanges({ paths, components }, { paths: {}, components })).toEqual(["POST /jobs is gone"]);
  const other = { "/jobs": { post: { responses: { 201: {} } } } };
  expect(breakingChanges({ paths, components }, { paths: other, components })).toContain(
    "POST /jobs: answers 200 no more",
  );
});
