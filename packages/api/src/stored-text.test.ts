import { newId } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { z } from "zod";
import { appRouter } from "./app-router.ts";
import { errorFacts } from "./errors.ts";
import { setup } from "./testing/setup.ts";

/** The part of JSON schema that says where strings may stand. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Every place of a string in a schema. */
function stringPaths(schema: Schema): string[][] {
  const below = (key: string, inner: Schema | undefined): string[][] =>
    inner === undefined ? [] : stringPaths(inner).map((path) => [key, ...path]);
  const { additionalProperties: rest } = schema;
  return [
    ...(schema.type === "string" ? [[]] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => below(key, inner)),
    ...(typeof rest === "object" ? below("key", Object.keys(rest).length === 0 ? { type: "string" } : rest) : []),
    ...below("0", schema.items),
    ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((all) => (all ?? []).flatMap(stringPaths)),
  ];
}

/** A value with this text at the path, and nothing else. */
function withText(path: readonly string[], text: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return text;
  const inner = withText(rest, text);
  return key === "0" ? [inner] : { [key]: inner };
}

test("a text that cannot be stored is refused with its field by every string of every procedure's input", async () => {
  const api = await setup();
  const caller = api.as(await api.account("admin")) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { inputs: z.ZodType[] } }>;
  let tried = 0;
  for (const [procedure, { _def }] of Object.entries(procedures)) {
    const [router = "", name = ""] = procedure.split(".");
    const schemas = _def.inputs.map(
      (input) => z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Schema,
    );
    for (const path of schemas.flatMap(stringPaths)) {
      for (const text of ["a\u0000b", "\ud800"]) {
        const call = caller[router]?.[name]?.(withText(path, text));
        await expect(call, `${procedure} ${path.join(".")}`).rejects.toMatchObject({
          code: "BAD_REQUEST",
          cause: { code: "INPUT_INVALID", fields: [{ path: path.join(".") }] },
        });
        tried += 1;
      }
    }
  }
  expect(tried).toBeGreaterThan(100);
});

test("an input of more values than any has is refused at once by every door of visitors, and of many wrong ones the first are named", async () => {
  const api = await setup();
  const caller = api.as(await api.account());
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, nth) => [`a${nth}`, 1]));
  for (const call of [
    caller.job.submit({ workflow: "picture", inputs: many(20_000) }),
    caller.job.rerun({ jobId: newId(), inputs: many(20_000) }),
    caller.event.publish({ type: "x.a", data: many(20_000) }),
  ]) {
    await expect(call).rejects.toThrow("The input has more than 15000 values.");
  }
  const sweep = Object.fromEntries(Array.from({ length: 101 }, (_, nth) => [`a${nth}`, [1]]));
  const swept = await caller.job.submitBatch({ workflow: "picture", inputs: {}, sweep }).catch(errorFacts);
  expect(swept).toMatchObject({ fields: [{ path: "sweep", message: "must have at most 100 names" }] });
  const refused = await caller.job.submit({ workflow: "picture", inputs: many(5000) }).catch((error: unknown) => error);
  const { fields, message } = errorFacts(refused);
  expect(fields).toHaveLength(100);
  expect(message).toContain("(and 5000 more)");
});

test("a version that no column holds is refused with its field", async () => {
  const api = await setup();
  const caller = api.as(await api.account("admin"));
  const version = 2 ** 31;
  const calls = [
    caller.job.submit({ workflow: "picture", version, inputs: {} }),
    caller.job.submitBatch({ items: [{ workflow: "picture", version, inputs: {} }] }),
    caller.job.submitBatch({ workflow: "picture", version, inputs: {}, sweep: { steps: [1] } }),
    caller.workflow.byId({ workflow: "picture", version }),
    caller.workflow.publish({ workflow: "picture", version }),
    caller.workflow.diff({ workflow: "picture", to: version }),
  ];
  await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ code: "BAD_REQUEST" })));
});
