import { expect, test } from "vitest";
import { z } from "zod";
import { appRouter } from "./app-router.ts";
import { errorFacts } from "./errors.ts";
import { setup } from "./testing/setup.ts";

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

/** The optional fields of an input, and of each variant of one. */
function optionalFields({ properties = {}, required = [], anyOf = [] }: Schema): string[] {
  return [...Object.keys(properties).filter((name) => !required.includes(name)), ...anyOf.flatMap(optionalFields)];
}

test("an optional field that is null is one that was left out, of every procedure's input", async () => {
  const api = await setup();
  const caller = api.as(await api.account("admin")) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { inputs: z.ZodType[] } }>;
  const tried = new Set<string>();
  for (const [procedure, { _def }] of Object.entries(procedures)) {
    const [router = "", name = ""] = procedure.split(".");
    for (const input of _def.inputs) {
      const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Schema;
      for (const field of optionalFields(schema)) {
        const refused = await caller[router]?.[name]?.({ [field]: null }).then(() => [], errorFacts);
        const fields = refused !== undefined && "fields" in refused ? refused.fields : [];
        expect([procedure, fields.filter(({ path }) => path === field)]).toEqual([procedure, []]);
        tried.add(procedure);
      }
    }
  }
  expect(tried.size).toBeGreaterThan(20);
});

test("an input that is null is one that was left out", async () => {
  const api = await setup();
  const caller = api.as(await api.account("member")) as unknown as {
    job: Record<"list" | "submit" | "onFeed", (input: unknown) => Promise<object>>;
  };
  expect(await caller.job.list(null)).toMatchObject({ items: [] });
  expect(await caller.job.onFeed(null)).toBeDefined();
  expect(await caller.job.submit(null).catch(errorFacts)).toEqual(await caller.job.submit(undefined).catch(errorFacts));
});

test("a null deep in a batch is left out too, and what may be null stays", async () => {
  const api = await setup();
  const caller = api.as(await api.account("member")) as unknown as {
    job: Record<"submit" | "submitBatch" | "byId", (input: unknown) => Promise<{ jobId: string; jobs: unknown[] }>>;
  };
  const item = { workflow: "picture", inputs: { prompt: "a red cube" }, version: null };
  expect((await caller.job.submitBatch({ items: [item], idempotencyKey: null })).jobs).toHaveLength(1);
  const { jobId } = await caller.job.submit({ ...item, priority: null, metadata: { order: null } });
  expect(await caller.job.byId({ jobId })).toMatchObject({ priority: "normal", metadata: { order: null } });
});
